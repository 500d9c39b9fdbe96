import { useSyncExternalStore } from 'react';

import type { EditorSnapshot } from '../../editor/model';
import type { InferenceStatus } from '../../inference/types';
import { useSay } from '../../i18n';
import type { Message } from '../../i18n/message';
import { useServices } from '../app/services';
import { duration } from '../kit/text';
import type { Sheet } from './desk';
import styles from './StatusLine.module.css';
import { useMaybeEditorPart } from './useEditorPart';
import { ZoomStatus } from './ZoomStatus';
import { useSheetModel } from './useSheetModel';
import type { OpenedSheet } from './useSheet';
import type { View } from './view';

interface StatusLineProps {
  readonly opened: OpenedSheet;
  readonly view: View;
}

export function StatusLine({ opened, view }: StatusLineProps) {
  const { sheet, error } = opened;
  const { inference } = useServices();
  const model = useSyncExternalStore(inference.subscribe, inference.getStatus);
  const editor = sheet?.editor ?? null;
  const phase = useMaybeEditorPart(editor, ({ status }) => status.phase);
  const say = useSay();
  const text = useMaybeEditorPart(editor, (snapshot) => sentence(snapshot, model, say));
  return (
    <footer className={styles.line}>
      <i className={styles.lamp} data-phase={error ? 'error' : phase} aria-hidden />
      <span id="model-status" role="status">
        {text ?? (error ? 'No image is open' : 'Opening the image')}
      </span>
      <span className={styles.facts}>{timings(model, useSheetModel(sheet)?.title)}</span>
      <span className={styles.space} />
      {sheet && <ZoomStatus sheet={sheet} view={view} />}
      {sheet && <ViewFacts sheet={sheet} view={view} />}
    </footer>
  );
}

/** What the model does, and what the person can do. It does not change with each preview: a screen reader reads it. */
function sentence(
  snapshot: EditorSnapshot,
  { progress }: InferenceStatus,
  say: (message: Message) => string,
): string {
  const { status } = snapshot;
  // A failure has a panel of its own over the canvas.
  if (status.message !== null && status.phase !== 'error') return say(status.message);
  const share = progress === null ? '' : ` (${Math.round(progress * 100)} %)`;
  switch (status.phase) {
    case 'loading-model':
      return `Loading the model${share}. You can click already.`;
    case 'loading-embedding':
      return `The model is reading the image${share}. You can click already.`;
    case 'error':
      return 'The model cannot answer: see above the image';
    case 'decoding':
    case 'ready':
      return advice(snapshot);
  }
}

function advice({ tool, making, selection, takesPoints }: EditorSnapshot): string {
  if (tool.id === 'select') {
    return selection.length > 0
      ? 'Number keys change its category, Delete removes it'
      : 'Click a mask to select it';
  }
  if (making) return 'Enter accepts, Tab walks the candidates, Esc clears';
  return takesPoints ? 'Point at an object, click to take it' : 'Drag a box around an object';
}

function timings({ model, embedding, lastDecodeMs }: InferenceStatus, title: string | undefined): string {
  const parts = [
    title,
    model && (model.backend === 'wasm' ? threads(model.threads) : 'WebGPU'),
    lastDecodeMs !== null && `mask ${duration(lastDecodeMs)}`,
    embedding && (embedding.cached ? 'image ready ahead' : `image ${duration(embedding.ms)}`),
  ];
  return parts.filter(Boolean).join(' · ');
}

const threads = (count: number) => (count === 1 ? 'CPU, 1 thread' : `CPU, ${count} threads`);

/** Follows the mouse; nothing else of the page is drawn anew for it. */
function ViewFacts({ sheet, view }: { readonly sheet: Sheet; readonly view: View }) {
  const { viewport, pointer } = useSyncExternalStore(view.subscribe, view.getState);
  const { width, height } = sheet.image;
  const inside = pointer && pointer.x >= 0 && pointer.y >= 0 && pointer.x < width && pointer.y < height;
  return (
    <>
      {inside && (
        <span className={styles.facts}>
          {Math.floor(pointer.x)}, {Math.floor(pointer.y)}
        </span>
      )}
      <span className={styles.facts}>
        {width} × {height}
      </span>
      <span className={styles.zoom}>{Math.round(viewport.scale * 100)} %</span>
    </>
  );
}

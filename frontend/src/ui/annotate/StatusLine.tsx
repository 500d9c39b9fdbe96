import { useSyncExternalStore } from 'react';

import type { EditorSnapshot } from '../../editor/model';
import type { InferenceStatus, ModelInfo } from '../../inference/types';
import { useFormats, useSay, useTranslation } from '../../i18n';
import type { Message, MessageKey } from '../../i18n/message';
import { useServices } from '../app/services';
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
  const { t } = useTranslation('annotate');
  const say = useSay();
  const { percent } = useFormats();
  const share = model.progress === null ? null : percent(model.progress);
  const text = useMaybeEditorPart(editor, (snapshot) => say(sentence(snapshot, share)));
  return (
    <footer className={styles.line}>
      <i className={styles.lamp} data-phase={error ? 'error' : phase} aria-hidden />
      <span id="model-status" role="status">
        {text ?? (error ? t('status.noImage') : t('status.opening'))}
      </span>
      <span className={styles.facts}>
        <Timings status={model} title={useSheetModel(sheet)?.title} />
      </span>
      <span className={styles.space} />
      {sheet && <ZoomStatus sheet={sheet} view={view} />}
      {sheet && <ViewFacts sheet={sheet} view={view} />}
    </footer>
  );
}

/** What the model does, and what the person can do. It does not change with each preview: a screen reader reads it. */
function sentence(snapshot: EditorSnapshot, share: string | null): Message {
  const { status } = snapshot;
  // A failure has a panel of its own over the canvas.
  if (status.message !== null && status.phase !== 'error') return status.message;
  switch (status.phase) {
    case 'loading-model':
      return share === null
        ? { key: 'annotate:status.loadingModel' }
        : { key: 'annotate:status.loadingModelShare', values: { share } };
    case 'loading-embedding':
      return share === null
        ? { key: 'annotate:status.readingImage' }
        : { key: 'annotate:status.readingImageShare', values: { share } };
    case 'error':
      return { key: 'annotate:status.noAnswer' };
    case 'decoding':
    case 'ready':
      return advice(snapshot);
  }
}

/** What the hand does with a tool that changes masks. */
const EDIT_ADVICE: Readonly<Partial<Record<string, MessageKey>>> = {
  brush: 'annotate:status.edit',
  eraser: 'annotate:status.edit',
  lasso: 'annotate:status.edit',
  polygon: 'annotate:status.polygon',
  vertices: 'annotate:status.vertices',
};

function advice(snapshot: EditorSnapshot): Message {
  const { tool, making, alongside, prompting, takesPoints } = snapshot;
  const edit = EDIT_ADVICE[tool.id];
  if (edit) return { key: edit };
  if (tool.id === 'select') return selectAdvice(snapshot);
  if (making) return { key: alongside.length > 0 ? 'annotate:status.several' : 'annotate:status.making' };
  if (prompting.boxEach) return { key: 'annotate:status.boxEach' };
  return { key: takesPoints ? 'annotate:status.point' : 'annotate:status.box' };
}

function selectAdvice({ selection, locked }: EditorSnapshot): Message {
  if (selection.length === 0) return { key: 'annotate:status.select' };
  const isLocked = selection.every((id) => locked.has(id));
  return { key: isLocked ? 'annotate:status.locked' : 'annotate:status.selected' };
}

interface TimingsProps {
  readonly status: InferenceStatus;
  readonly title: string | undefined;
}

/** What computes, and how long the last mask and the image took. */
function Timings({ status: { model, embedding, lastDecodeMs }, title }: TimingsProps) {
  const { t } = useTranslation(['annotate', 'durability']);
  const { duration } = useFormats();
  const backend = ({ backend: name, threads }: ModelInfo) => {
    if (name === 'server') return t('durability:serverDecodes');
    return name === 'wasm' ? t('status.threads', { count: threads }) : 'WebGPU';
  };
  const parts = [
    title,
    model && backend(model),
    lastDecodeMs !== null && t('status.mask', { time: duration(lastDecodeMs) }),
    embedding &&
      (embedding.cached ? t('status.imageReady') : t('status.image', { time: duration(embedding.ms) })),
  ];
  return parts.filter(Boolean).join(' · ');
}

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

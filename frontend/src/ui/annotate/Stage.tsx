import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { Point } from '../../geometry/types';
import { useSay, useTranslation } from '../../i18n';
import { LoadError } from '../app/LoadError';
import type { Sheet } from './desk';
import { CanvasPurpose } from './CanvasPurpose';
import { CrosshairOverlay } from './CrosshairOverlay';
import { followCrosshair } from './followCrosshair';
import { listenForGestures } from './gestures';
import { ModelNotice } from './ModelNotice';
import styles from './Stage.module.css';
import { ModelTrouble, Trouble } from './StageTrouble';
import { useMaybeEditorPart } from './useEditorPart';
import { usePicture } from './usePicture';
import type { OpenedSheet } from './useSheet';
import { useSheetModel } from './useSheetModel';
import type { View } from './view';

interface StageProps {
  readonly imageId: number;
  readonly opened: OpenedSheet;
  readonly view: View;
}

/** The canvas and what lies over it. Its data attributes are the page's contract with tests (docs/decisions). */
export function Stage({ imageId, opened, view }: StageProps) {
  const { t } = useTranslation(['annotate', 'common', 'errors']);
  const say = useSay();
  const { sheet, error, retry } = opened;
  const canvas = useRef<HTMLDivElement>(null);
  const [press, setPress] = useState<Point | null>(null);
  useViewSize(canvas, sheet, view);
  const picture = usePicture(canvas, sheet, view);
  useGestures(canvas, sheet, view, setPress);
  useCrosshair(sheet, view);
  return (
    <div className={styles.stage} {...useStageData(imageId, opened)} data-view={useViewData(sheet, view)}>
      <div
        ref={canvas}
        className={styles.canvas}
        role="application"
        aria-label={t('canvas')}
        id="canvas"
        data-region
        aria-describedby="canvas-purpose model-status"
        data-tool={useMaybeEditorPart(sheet?.editor ?? null, (snapshot) => snapshot.tool.id)}
        tabIndex={0}
      />
      {press && <i className={styles.press} style={{ left: press.x, top: press.y }} aria-hidden />}
      <CanvasPurpose id="canvas-purpose" />
      {sheet && <CrosshairOverlay editor={sheet.editor} view={view} />}
      {sheet && !picture.isShown && !picture.error && <div className={styles.veil}>{t('loadingPhoto')}</div>}
      {error && (
        <div className={styles.cover}>
          <LoadError
            title={t('imageUnreadable')}
            missing={t('imageNotFound')}
            error={error}
            onRetry={retry}
          />
        </div>
      )}
      {picture.error && (
        <Trouble
          title={t('photoUnreadable')}
          reason={say(picture.error)}
          onRetry={picture.retry}
          action={picture.isRetryable ? t('common:tryAgain') : t('errors:reload')}
        />
      )}
      {sheet && <ModelTrouble sheet={sheet} />}
      <ModelNotice sheet={sheet} />
    </div>
  );
}

/** What tests read: see docs/decisions/0006-the-outbox-and-the-page.md. Kept stable. */
function useStageData(imageId: number, { sheet, error }: OpenedSheet) {
  const editor = sheet?.editor ?? null;
  const phase = useMaybeEditorPart(editor, ({ status }) => status.phase);
  return {
    'data-image-id': imageId,
    'data-model-phase': error ? 'error' : (phase ?? 'loading-embedding'),
    'data-annotation-count': useMaybeEditorPart(editor, ({ annotations }) => annotations.length),
    'data-model': useSheetModel(sheet)?.name,
    'data-candidates': useMaybeEditorPart(editor, ({ making }) => making?.ladder.length),
    'data-preview': useMaybeEditorPart(editor, ({ preview }) => preview !== null),
  };
}

/** Before the first paint, so that the picture and what `data-view` says of it never differ. */
function useViewSize(canvas: React.RefObject<HTMLDivElement | null>, sheet: Sheet | null, view: View): void {
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const resize = () => view.resize({ width: element.clientWidth, height: element.clientHeight });
    resize();
    const observer = new ResizeObserver(resize);
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas, view]);
  useLayoutEffect(() => {
    if (sheet) view.showImage(sheet.image);
  }, [sheet, view]);
}

function useCrosshair(sheet: Sheet | null, view: View): void {
  useEffect(() => (sheet ? followCrosshair(sheet.editor, view) : undefined), [sheet, view]);
}

/** The view as JSON, once there is an image to click on. */
function useViewData(sheet: Sheet | null, view: View): string | undefined {
  const { scale, x, y } = useSyncExternalStore(view.subscribe, () => view.getState().viewport);
  return sheet ? JSON.stringify({ scale, offsetX: x, offsetY: y }) : undefined;
}

function useGestures(
  canvas: React.RefObject<HTMLDivElement | null>,
  sheet: Sheet | null,
  view: View,
  showPress: (at: Point | null) => void,
): void {
  const latest = useRef(sheet);
  useEffect(() => {
    latest.current = sheet;
    // The keys work at once, without a first click; but nobody is drawn away from where they have gone meanwhile.
    if (document.activeElement === document.body) canvas.current?.focus({ preventScroll: true });
    // A drag does not wait on an image for the pointer to come back.
    return () => sheet?.editor.pointerCancel();
  }, [canvas, sheet]);
  useEffect(() => {
    if (!canvas.current) return;
    return listenForGestures(canvas.current, {
      view,
      editor: () => latest.current?.editor ?? null,
      showPress,
    });
  }, [canvas, view, showPress]);
}

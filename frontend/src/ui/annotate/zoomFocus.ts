/** Tells the model which part of an image a person looks at closely. */
import type { Xywh } from '../../geometry/box';
import { boxInImage } from '../../geometry/box';
import { cropFor, isInCrop } from '../../geometry/crops';
import type { Size } from '../../geometry/types';
import type { InferenceClient } from '../../inference/client';
import type { View } from './view';

/** Without a zoom or a pan for this long, the view has settled: only then is a crop worth the encoder's time. */
const SETTLED_MS = 250;

export interface Place {
  readonly imageId: number;
  readonly imageSize: Size;
  /** Side of the model's square input, in its pixels. */
  readonly inputSide: number;
}

export type ZoomInference = Pick<InferenceClient, 'focus' | 'getStatus' | 'subscribe'>;

/** Whether an image has more to show to the model than its input takes. */
export function hasDetail({ imageSize: { width, height }, inputSide }: Place): boolean {
  return Math.max(width, height) > inputSide;
}

/** Follows the view until the returned function is called; then the model sees the whole image again. */
export function followZoom(view: View, inference: ZoomInference, place: Place): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let followed: unknown[] = [];
  const isOpen = (): boolean => inference.getStatus().imageId === place.imageId;
  const settle = (): void => {
    if (isOpen()) inference.focus(lookedAt(view, inference, place));
  };
  const follow = (): void => {
    const now = [view.getState().viewport, isOpen()];
    if (now.every((value, i) => value === followed[i])) return; // Only the pointer has moved, or the model has worked.
    followed = now;
    clearTimeout(timer);
    timer = setTimeout(settle, SETTLED_MS);
  };
  const stops = [view.subscribe(follow), inference.subscribe(follow)];
  follow();
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
    if (isOpen()) inference.focus(null);
  };
}

/** The crop for what is seen; the one in focus for as long as that is no larger and shows all of it. */
function lookedAt(view: View, inference: ZoomInference, { imageSize, inputSide }: Place): Xywh | null {
  const crop = cropFor(view.seen, imageSize, inputSide);
  const current = inference.getStatus().focus?.crop;
  const seen = boxInImage(view.seen, imageSize);
  if (!crop || !current || !seen) return crop;
  const isAsNear = crop[2] === current[2] && crop[3] === current[3];
  return isAsNear && isInCrop(seen, current) ? current : crop;
}

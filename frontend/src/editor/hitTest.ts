import { isInXywh } from '../geometry/box';
import { isInMask } from '../geometry/mask';
import type { Point } from '../geometry/types';
import type { Annotation } from './model';

/** The smallest reachable annotation under a point, so that a part can be reached on its whole. */
export function annotationAt(
  annotations: readonly Annotation[],
  point: Point,
  isReachable: (annotation: Annotation) => boolean = () => true,
): Annotation | null {
  let best: Annotation | null = null;
  for (const annotation of annotations) {
    const { area, bbox, segmentation } = annotation.mask;
    if (best && area >= best.mask.area) continue;
    if (!isInXywh(point, bbox) || !isReachable(annotation)) continue;
    if (isInMask(point, segmentation)) best = annotation;
  }
  return best;
}

/** Masks of one object, each inside a larger one: which is a part of which. */
import { runsOf } from '../geometry/fullMask';
import { areaOf, combine } from '../geometry/runs';
import type { Annotation } from './model';

/** Of a part, how much lies inside its whole: the model's masks of one object do not agree to the pixel. */
const INSIDE = 0.8;

/** By falling area; each names the smallest larger one that it lies in, unless it is a part of something already. */
export function nested(annotations: readonly Annotation[]): Annotation[] {
  const sorted = [...annotations].sort((a, b) => b.mask.area - a.mask.area);
  return sorted.map((part, i) => {
    const whole = sorted.slice(0, i).findLast((larger) => isInside(part, larger));
    return whole && part.parentId === null ? { ...part, parentId: whole.id } : part;
  });
}

function isInside({ mask: part }: Annotation, { mask: whole }: Annotation): boolean {
  if (part.area >= whole.area) return false;
  return areaOf(combine(runsOf(part), runsOf(whole), 'intersection')) >= INSIDE * part.area;
}

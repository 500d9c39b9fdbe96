/**
 * Parts of an image, in whole pixels, and those of them that an encoder may be shown by themselves: few enough to keep, many
 * enough to zoom into. Level 1 cuts the image into squares of half its long side, each further level into squares of half
 * the side before, as long as the model would not have to enlarge them more than twice. Squares lie on quarter steps, so
 * whatever is not larger than three quarters of a square lies inside one. A side that is shorter than the square takes the
 * whole of it.
 *
 * The server takes no others: backend/maskloop/domain/crops.py; fixtures/crops.json holds both to the same answers.
 */
import type { Xywh } from './box';
import type { Box, Size } from './types';

/** Of what is seen, on each side: an object at the edge of the view goes on outside it. */
const MARGIN = 0.1;
const MOST_ENLARGED = 2;
/** Of a square's side; with fewer, what is seen would often lie across two squares and be shown in a larger one. */
const STEPS = 4;

export function wholeCrop({ width, height }: Size): Xywh {
  return [0, 0, width, height];
}

export function sizeOfCrop([, , width, height]: Xywh): Size {
  return { width, height };
}

export function isSameCrop(a: Xywh, b: Xywh): boolean {
  return a.every((side, i) => side === b[i]);
}

/** Whether a box, or a point as a box without area, lies in a crop. */
export function isInCrop({ x0, y0, x1, y1 }: Box, [left, top, width, height]: Xywh): boolean {
  return left <= x0 && top <= y0 && x1 <= left + width && y1 <= top + height;
}

/** The smallest crop with all that is seen of the image, and a margin. Null: the whole image serves as well. */
export function cropFor(seen: Box, size: Size, inputSide: number): Xywh | null {
  const [x0, x1] = grow(seen.x0, seen.x1, size.width);
  const [y0, y1] = grow(seen.y0, seen.y1, size.height);
  if (x1 <= x0 || y1 <= y0) return null;
  const crops = sidesOf(size, inputSide).map((side): Xywh => {
    const [width, height] = [Math.min(side, size.width), Math.min(side, size.height)];
    const left = nearest(startsOf(size.width, side), (x0 + x1) / 2 - width / 2);
    const top = nearest(startsOf(size.height, side), (y0 + y1) / 2 - height / 2);
    return [left, top, width, height];
  });
  return crops.findLast((crop) => isInCrop({ x0, y0, x1, y1 }, crop)) ?? null;
}

/** Of the squares, falling. */
function sidesOf({ width, height }: Size, inputSide: number): readonly number[] {
  const longest = Math.max(width, height);
  const sides: number[] = [];
  while (longest > inputSide) {
    const side = Math.floor(longest / 2 ** (sides.length + 1) + 0.5);
    if (side * MOST_ENLARGED < inputSide) break;
    sides.push(side);
  }
  return sides;
}

/** Where squares begin along an axis; the last one ends with the image. */
function startsOf(length: number, side: number): readonly number[] {
  const last = Math.max(0, length - side);
  const step = Math.floor(side / STEPS);
  return [...Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step), last];
}

function grow(low: number, high: number, length: number): readonly [low: number, high: number] {
  const [from, to] = [Math.max(0, low), Math.min(length, high)];
  const margin = MARGIN * (to - from);
  return [Math.max(0, from - margin), Math.min(length, to + margin)];
}

/** The first of those that are as near. */
function nearest(starts: readonly number[], wanted: number): number {
  return starts.reduce((best, start) => (Math.abs(start - wanted) < Math.abs(best - wanted) ? start : best));
}

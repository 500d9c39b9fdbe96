/**
 * Between masks and polygons. A ring is closed by itself: the last vertex is joined to the first. Several rings make a
 * shape by the even-odd rule, so holes need no mark.
 */
import { Columns, firstFrom } from './columns';
import type { Runs } from './rle';
import type { Point, Size } from './types';

export { contoursOf } from './contours';
export { simplify } from './simplify';

/** Vertices in image pixels: (0, 0) is the top-left corner of the first pixel. */
export type Ring = readonly Point[];

/**
 * The pixels whose centres lie inside: a ray from there crosses the rings an odd number of times. A centre on a left or
 * top edge is inside, on a right or bottom one outside, so that shapes side by side share no pixel and leave none out.
 * Rings may cross themselves and each other, and lie beyond the image.
 */
export function ringsToRuns(rings: readonly Ring[], size: Size): Runs {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    ring.forEach((vertex, i) => {
      addCrossings(crossings, vertex, ring[(i + 1) % ring.length] ?? vertex, size.width);
    });
  }
  const columns = new Columns(size);
  for (const [x, rows] of crossings) coverBetween(columns, x, rows);
  return columns.toRuns();
}

/** Notes at which height the edge crosses the middle of each column; of its two ends the right one is left out. */
function addCrossings(crossings: Map<number, number[]>, a: Point, b: Point, width: number): void {
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const slope = (right.y - left.y) / (right.x - left.x);
  const end = Math.min(firstFrom(right.x), width);
  for (let x = Math.max(firstFrom(left.x), 0); x < end; x += 1) {
    const y = left.y + slope * (x + 0.5 - left.x);
    const rows = crossings.get(x);
    if (rows) rows.push(y);
    else crossings.set(x, [y]);
  }
}

function coverBetween(columns: Columns, x: number, rows: number[]): void {
  rows.sort((a, b) => a - b);
  for (let i = 0; i + 1 < rows.length; i += 2) {
    columns.cover(x, firstFrom(rows[i] ?? 0), firstFrom(rows[i + 1] ?? 0));
  }
}

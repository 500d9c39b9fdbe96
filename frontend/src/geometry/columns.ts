/** A mask that is filled column by column, in any order: where shapes become pixels. */
import type { Runs } from './rle';
import { SpanWriter } from './spans';
import type { Size } from './types';

/** The first pixel along an axis whose centre (+0.5) lies at `edge` or after it. */
export function firstFrom(edge: number): number {
  return Math.ceil(edge - 0.5);
}

/** The first pixel along an axis whose centre lies after `edge`. */
export function firstAfter(edge: number): number {
  return Math.floor(edge - 0.5) + 1;
}

/** Intervals of rows for each column of an image. They may overlap; what they cover together is the mask. */
export class Columns {
  /** Tops and bottoms by turns, by column. */
  private readonly columns = new Map<number, number[]>();

  constructor(private readonly size: Size) {}

  /** Covers rows `top` to `bottom` (not with it) of column `x`, as far as they lie in the image. */
  cover(x: number, top: number, bottom: number): void {
    const [from, to] = [Math.max(top, 0), Math.min(bottom, this.size.height)];
    if (to <= from) return;
    const intervals = this.columns.get(x);
    if (!intervals) this.columns.set(x, [from, to]);
    else extend(intervals, from, to);
  }

  toRuns(): Runs {
    const { width, height } = this.size;
    const writer = new SpanWriter();
    for (const x of [...this.columns.keys()].sort((a, b) => a - b)) {
      for (const [top, bottom] of byTop(this.columns.get(x) ?? [])) {
        writer.add(x * height + top, x * height + bottom);
      }
    }
    return writer.finish(width * height);
  }
}

/** Adds an interval; one that meets the latest widens that one, as most do along a stroke. */
function extend(intervals: number[], top: number, bottom: number): void {
  const at = intervals.length - 2;
  const [lastTop, lastBottom] = [intervals[at] ?? 0, intervals[at + 1] ?? 0];
  if (top > lastBottom || bottom < lastTop) {
    intervals.push(top, bottom);
    return;
  }
  intervals[at] = Math.min(top, lastTop);
  intervals[at + 1] = Math.max(bottom, lastBottom);
}

function byTop(intervals: readonly number[]): [top: number, bottom: number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < intervals.length; i += 2) pairs.push([intervals[i] ?? 0, intervals[i + 1] ?? 0]);
  return pairs.sort(([a], [b]) => a - b);
}

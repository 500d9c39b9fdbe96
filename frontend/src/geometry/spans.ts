/** Runs column by column: a span is a stretch of set pixels of one column. */
import type { Runs } from './rle';

/** Pixels `top` to `bottom` (not with it) of column `x`. */
export type SpanVisitor = (x: number, top: number, bottom: number) => void;

/** Visits the spans by rising column, then row. A run that goes on into the next columns gives a span in each. */
export function forEachSpan(runs: Runs, height: number, visit: SpanVisitor): void {
  let start = 0;
  for (let i = 0; i < runs.length; i += 1) {
    const end = start + (runs[i] ?? 0);
    if (i % 2 === 1) splitRun(start, end, height, visit);
    start = end;
  }
}

/** Pixels `start` to `end` of a column-major image. */
function splitRun(start: number, end: number, height: number, visit: SpanVisitor): void {
  for (let x = Math.floor(start / height), base = x * height; base < end; x += 1, base += height) {
    const [top, bottom] = [Math.max(start - base, 0), Math.min(end - base, height)];
    if (bottom > top) visit(x, top, bottom);
  }
}

/** Collects stretches of set pixels by rising start; those that touch or overlap melt together. */
export class SpanWriter {
  /** Starts and ends by turns. */
  private readonly bounds: number[] = [];
  private end = -1;

  /** Pixels `start` to `end` (not with it) of the column-major image. An empty stretch adds nothing. */
  add(start: number, end: number): void {
    if (end <= start || end <= this.end) return;
    if (start <= this.end) this.bounds[this.bounds.length - 1] = end;
    else this.bounds.push(start, end);
    this.end = end;
  }

  /** Canonical runs of an image of `pixels`. */
  finish(pixels: number): Runs {
    const runs = new Uint32Array(this.bounds.length + 1);
    let previous = 0;
    this.bounds.forEach((bound, i) => {
      runs[i] = bound - previous;
      previous = bound;
    });
    runs[this.bounds.length] = pixels - previous;
    return previous === pixels ? runs.slice(0, -1) : runs;
  }
}

/** All spans of a mask by their index, by rising column, then row. */
export interface Spans {
  /** Column of each. */
  readonly x: readonly number[];
  /** Top and bottom of span s at 2s and 2s + 1. */
  readonly bounds: readonly number[];
}

export function spansOf(runs: Runs, height: number): Spans {
  const spans = { x: [] as number[], bounds: [] as number[] };
  forEachSpan(runs, height, (x, top, bottom) => {
    spans.x.push(x);
    spans.bounds.push(top, bottom);
  });
  return spans;
}

/** Spans `from` to `to` (not with it): those of one column. */
export interface SpanRange {
  readonly from: number;
  readonly to: number;
}

const NONE: SpanRange = { from: 0, to: 0 };

/** Visits each vertical line between pixels that has spans beside it, with those of the columns left and right of it. */
export function forEachLine({ x }: Spans, visit: (left: SpanRange, right: SpanRange) => void): void {
  let left = NONE;
  for (let from = 0; from < x.length;) {
    let to = from + 1;
    while (x[to] === x[from]) to += 1;
    const right = { from, to };
    const areNeighbours = left !== NONE && x[left.from] === (x[from] ?? 0) - 1;
    if (left !== NONE && !areNeighbours) visit(left, NONE);
    visit(areNeighbours ? left : NONE, right);
    left = right;
    from = to;
  }
  if (left !== NONE) visit(left, NONE);
}

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

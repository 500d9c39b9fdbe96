/** Measures of masks that are runs. */
import type { Xywh } from './box';
import { RunReader, type Runs } from './rle';
import type { Point, Rle } from './types';

export interface Measure {
  /** XYWH in image pixels; all 0 for an empty mask. */
  readonly bbox: Xywh;
  /** Pixels of the mask. */
  readonly area: number;
}

const EMPTY: Measure = { bbox: [0, 0, 0, 0], area: 0 };

/** Area and bounding box of column-major runs of columns of `height` pixels. */
export function measureRuns(runs: Runs, height: number): Measure {
  let [area, start] = [0, 0];
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1];
  runs.forEach((length, i) => {
    const last = start + length - 1;
    if (i % 2 === 1 && length > 0) {
      const [first, end] = [Math.floor(start / height), Math.floor(last / height)];
      const isWithinOneColumn = first === end;
      area += length;
      x0 = Math.min(x0, first);
      x1 = end;
      y0 = isWithinOneColumn ? Math.min(y0, start % height) : 0;
      y1 = isWithinOneColumn ? Math.max(y1, last % height) : height - 1;
    }
    start += length;
  });
  return area === 0 ? EMPTY : { bbox: [x0, y0, x1 - x0 + 1, y1 - y0 + 1], area };
}

/** Whether the pixel under a continuous point is in the mask. Reads the string up to that pixel and no further. */
export function isInMask({ x, y }: Point, { size: [height, width], counts }: Rle): boolean {
  if (!(x >= 0 && y >= 0 && x < width && y < height)) return false;
  const index = Math.floor(x) * height + Math.floor(y);
  const reader = new RunReader(counts);
  for (let end = 0; reader.next();) {
    end += reader.length;
    if (end > index) return reader.value === 1;
  }
  return false;
}

/** Masks as the graphics card reads them: one bit a pixel, row by row, cut to the mask's bounding box. */
import type { Xywh } from '../geometry/box';
import { RunReader } from '../geometry/rle';
import type { Rle } from '../geometry/types';

export interface MaskBits {
  /** `stride` words a row; bit i of word j is column 32 * j + i of the box. */
  readonly words: Uint32Array;
  readonly stride: number;
}

/** Straight from the runs, so the cost follows the mask's area and not the image's. `bbox` must hold the whole mask. */
export function packMask({ counts, size: [imageHeight] }: Rle, [left, top, width, height]: Xywh): MaskBits {
  const stride = Math.ceil(width / 32);
  const words = new Uint32Array(stride * height);
  const reader = new RunReader(counts);
  let start = 0;
  while (reader.next()) {
    if (reader.value === 1) setRun(start, start + reader.length);
    start += reader.length;
  }
  return { words, stride };

  /** Column-major positions from..to of the image; a run may go on in the next column. */
  function setRun(from: number, to: number): void {
    let [x, y] = [Math.floor(from / imageHeight) - left, (from % imageHeight) - top];
    for (let left = to - from; left > 0;) {
      const length = Math.min(left, imageHeight - (y + top));
      setColumn(x, y, length);
      left -= length;
      x += 1;
      y = -top;
    }
  }

  function setColumn(x: number, y: number, length: number): void {
    const bit = 1 << (x & 31);
    const word = x >> 5;
    for (let at = y * stride + word, end = at + length * stride; at < end; at += stride) {
      words[at] = (words[at] ?? 0) | bit;
    }
  }
}

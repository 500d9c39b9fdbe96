/** A stored mask as the model's mask prompt: what makes a mask from anywhere one that clicks can refine. */
import type { Xywh } from './box';
import { sizeOfCrop } from './crops';
import type { FullMask } from './decoding';
import { runsOf } from './fullMask';
import { cropRuns } from './region';
import { forEachSpan } from './spans';
import type { Size } from './types';
import { inputSize, LOGIT_SIDE } from './upsample';

/** Logits of cells that are all mask; of those outside it, and of the padding, the same below 0. The model's own go as far. */
const CERTAIN = 10;

/**
 * 256x256 logits of the part `crop` of the image, in the frame of `upsampleToRuns`: the crop lies in the top-left corner of
 * the model's square input of `inputSide` pixels, the rest is padding. A cell half of which is mask gets 0, and it
 * rises in line with the share of mask, so that bilinear resizing brings the outline back to within a fraction of a cell.
 * What is thinner than half a cell is lost.
 */
export function logitsOfMask(mask: FullMask, imageSize: Size, crop: Xywh, inputSide: number): Float32Array {
  const size = sizeOfCrop(crop);
  const input = inputSize(size, inputSide);
  const across = { pixels: size.width, cells: (input.width * LOGIT_SIDE) / inputSide };
  const down = { pixels: size.height, cells: (input.height * LOGIT_SIDE) / inputSide };
  const covered = new Float64Array(LOGIT_SIDE ** 2);
  forEachSpan(cropRuns(runsOf(mask), imageSize, crop), size.height, (x, top, bottom) => {
    forEachCell(across, x, x + 1, (column, width) => {
      forEachCell(down, top, bottom, (row, height) => {
        const cell = row * LOGIT_SIDE + column;
        covered[cell] = (covered[cell] ?? 0) + width * height;
      });
    });
  });
  return Float32Array.from(covered, (area, cell) => {
    const whole = shareOf(across, cell % LOGIT_SIDE) * shareOf(down, Math.floor(cell / LOGIT_SIDE));
    return whole > 0 ? CERTAIN * (2 * Math.min(area / whole, 1) - 1) : -CERTAIN;
  });
}

/** How many pixels of the crop lie on how many cells of the grid: the last cell may be a part of one. */
interface Axis {
  readonly pixels: number;
  readonly cells: number;
}

/** Visits the cells that pixels `from` to `to` lie on, with how much of each they cover. */
function forEachCell(
  { pixels, cells }: Axis,
  from: number,
  to: number,
  visit: (cell: number, share: number) => void,
): void {
  const [start, end] = [(from * cells) / pixels, (to * cells) / pixels];
  for (let cell = Math.floor(start); cell < end; cell += 1) {
    visit(cell, Math.min(cell + 1, end) - Math.max(cell, start));
  }
}

/** How much of a cell holds image. */
function shareOf({ cells }: Axis, cell: number): number {
  return Math.min(Math.max(cells - cell, 0), 1);
}

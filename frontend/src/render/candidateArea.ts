import type { Xywh } from '../geometry/box';
import { sizeOfCrop } from '../geometry/crops';
import type { MaskLogits } from '../geometry/decoding';
import { inputSize, LOGIT_SIDE } from '../geometry/upsample';
import type { Frame } from './gl';

/**
 * Cells, beside a pixel of the image: a cell above 0 can raise its neighbours at the first step of the upsampling, and a
 * little more at the second; a pixel of a small image covers more cells than it reads.
 */
const REACH = 2;
/** Outline and halo, CSS pixels. */
const MARGIN = 4;

export type Area = readonly [x0: number, y0: number, x1: number, y1: number];

const found = new WeakMap<Float32Array, Area | null>();

/** Where a candidate can show, canvas pixels; null when it cannot. Its cells are looked through once. */
export function areaOfCandidate(frame: Frame, { logits, crop, inputSide }: MaskLogits): Area | null {
  const known = found.get(logits);
  const cells = known === undefined ? positiveCells(logits, LOGIT_SIDE) : known;
  found.set(logits, cells);
  return cells && candidateArea(cells, frame, crop, inputSide);
}

/** Box of the cells above 0, as x0, y0, x1, y1 in cells; null when there is none. */
export function positiveCells(logits: Float32Array, side: number): Area | null {
  let [x0, y0, x1, y1] = [side, -1, -1, -1];
  for (let y = 0; y < side; y += 1) {
    const row = logits.subarray(y * side, (y + 1) * side);
    const first = row.findIndex(isPositive);
    if (first < 0) continue;
    if (y0 < 0) y0 = y;
    y1 = y;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, row.findLastIndex(isPositive));
  }
  return y0 < 0 ? null : [x0, y0, x1 + 1, y1 + 1];
}

function isPositive(value: number): boolean {
  return value > 0;
}

/**
 * The part of the canvas, in its pixels, where a candidate of a crop can show; null when it cannot. `inputSide` is that of
 * the model's square input.
 */
export function candidateArea(
  cells: Area,
  { width, height, ratio, view }: Frame,
  crop: Xywh,
  inputSide: number,
): Area | null {
  const [left, top, columns, rows] = crop;
  const input = inputSize(sizeOfCrop(crop), inputSide);
  const cell = inputSide / LOGIT_SIDE;
  const x = (column: number) => (left + ((column * cell) / input.width) * columns) * view.scale + view.x;
  const y = (row: number) => (top + ((row * cell) / input.height) * rows) * view.scale + view.y;
  const margin = MARGIN * ratio + view.scale;
  const x0 = Math.max(0, Math.floor(x(cells[0] - REACH) - margin));
  const y0 = Math.max(0, Math.floor(y(cells[1] - REACH) - margin));
  const x1 = Math.min(width, Math.ceil(x(cells[2] + REACH) + margin));
  const y1 = Math.min(height, Math.ceil(y(cells[3] + REACH) + margin));
  return x1 > x0 && y1 > y0 ? [x0, y0, x1, y1] : null;
}

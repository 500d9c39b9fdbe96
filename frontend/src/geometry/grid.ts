/** Measures of a mask on the model's 256x256 grid, where what the model saw of the image lies in the top-left corner. */
import { sizeOfCrop } from './crops';
import type { MaskLogits } from './decoding';
import type { Box, Size } from './types';
import { inputSize, LOGIT_SIDE } from './upsample';

/** Columns and rows of the logits that hold a crop of this size; whatever the model says about the rest is noise. */
export function gridSize(cropSize: Size, inputSide: number): Size {
  const { width, height } = inputSize(cropSize, inputSide);
  const cell = inputSide / LOGIT_SIDE;
  return { width: Math.ceil(width / cell), height: Math.ceil(height / cell) };
}

export interface GridMeasure {
  readonly area: number;
  readonly stability: number;
}

/** Cells above 0, and the IoU of the masks cut at +1 and -1, inside the crop. An empty mask is not stable: 0. */
export function measureLogits({ logits, inputSide, crop }: MaskLogits): GridMeasure {
  const { width, height } = gridSize(sizeOfCrop(crop), inputSide);
  let [area, strict, loose] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let i = y * LOGIT_SIDE; i < y * LOGIT_SIDE + width; i += 1) {
      const value = logits[i] ?? 0;
      if (value > -1) loose += 1;
      if (value > 0) area += 1;
      if (value > 1) strict += 1;
    }
  }
  return { area, stability: loose === 0 ? 0 : strict / loose };
}

/** The cells above 0 inside the crop, as a box in pixels of the image; null where there are none. */
export function maskBox({ logits, inputSide, crop }: MaskLogits): Box | null {
  const [left, top, cropWidth, cropHeight] = crop;
  const { width, height } = gridSize(sizeOfCrop(crop), inputSide);
  const input = inputSize(sizeOfCrop(crop), inputSide);
  const cell = inputSide / LOGIT_SIDE;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < height; y += 1) {
    const row = logits.subarray(y * LOGIT_SIDE, y * LOGIT_SIDE + width);
    const first = row.findIndex((value) => value > 0);
    if (first < 0) continue;
    [x0, y0] = [Math.min(x0, first), Math.min(y0, y)];
    [x1, y1] = [Math.max(x1, row.findLastIndex((value) => value > 0) + 1), y + 1];
  }
  if (x1 < 0) return null;
  const toX = (column: number) => left + Math.min(1, (column * cell) / input.width) * cropWidth;
  const toY = (row: number) => top + Math.min(1, (row * cell) / input.height) * cropHeight;
  return { x0: toX(x0), y0: toY(y0), x1: toX(x1), y1: toY(y1) };
}

/** Measures of a mask on the model's 256x256 grid, where what the model saw of the image lies in the top-left corner. */
import { sizeOfCrop } from './crops';
import type { MaskLogits } from './decoding';
import type { Size } from './types';
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

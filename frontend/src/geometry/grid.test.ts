import { describe, expect, it } from 'vitest';
import type { MaskLogits } from './decoding';
import { LOGIT_SIDE } from './upsample';
import { gridSize, maskBox, measureLogits } from './grid';

const SQUARE = [0, 0, 1024, 1024] as const;
const WIDE = [0, 0, 1024, 512] as const;

/** Rows of one value each from the top; the rest of the grid far below 0. */
function rows(...values: number[]): MaskLogits {
  const logits = new Float32Array(LOGIT_SIDE * LOGIT_SIDE).fill(-9);
  values.forEach((value, y) => logits.fill(value, y * LOGIT_SIDE, (y + 1) * LOGIT_SIDE));
  return { logits, inputSide: 1024, crop: SQUARE };
}

describe('measures on the grid', () => {
  it('covers every cell that holds a pixel of the image', () => {
    expect(gridSize({ width: 1000, height: 667 }, 1024)).toEqual({ width: 256, height: 171 });
    expect(gridSize({ width: 1, height: 4000 }, 1024)).toEqual({ width: 1, height: 256 });
    expect(gridSize({ width: 600, height: 401 }, 256)).toEqual({ width: 256, height: 171 });
  });

  it('counts cells above 0, not those at 0', () => {
    expect(measureLogits(rows(5, 0.1, 0, -0.1)).area).toBe(2 * LOGIT_SIDE);
  });

  it('compares the masks cut at +1 and at -1', () => {
    expect(measureLogits(rows(5, 1, 0, -1)).stability).toBeCloseTo(1 / 3);
    expect(measureLogits(rows(5, 5)).stability).toBe(1);
  });

  it('ignores the padding, where the model says anything', () => {
    const mask = rows(5);
    mask.logits.fill(5, 128 * LOGIT_SIDE);
    expect(measureLogits({ ...mask, crop: WIDE })).toEqual({ area: LOGIT_SIDE, stability: 1 });
  });

  it('calls an empty mask unstable', () => {
    expect(measureLogits(rows())).toEqual({ area: 0, stability: 0 });
  });
});

describe('where a mask is', () => {
  it('is the box of its cells in pixels of the image, the padding left out', () => {
    const mask = { ...rows(-1, 5, 5), crop: [100, 200, 512, 256] as const };
    expect(maskBox(mask)).toEqual({ x0: 100, y0: 202, x1: 612, y1: 206 });
    mask.logits.fill(5);
    expect(maskBox(mask)).toEqual({ x0: 100, y0: 200, x1: 612, y1: 456 });
  });

  it('is nowhere where the mask is empty', () => {
    expect(maskBox(rows())).toBeNull();
  });
});

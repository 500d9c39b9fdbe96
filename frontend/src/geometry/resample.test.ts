import { describe, expect, it } from 'vitest';
import type { Xywh } from './box';
import type { MaskLogits } from './decoding';
import { resampleLogits } from './resample';
import { LOGIT_SIDE } from './upsample';

/** Logits that are a linear function of the image's pixels. */
function plane(crop: Xywh, inputSide = 1024): MaskLogits {
  const [left, top, width, height] = crop;
  const pitch = Math.max(width, height) / LOGIT_SIDE;
  const logits = Float32Array.from({ length: LOGIT_SIDE * LOGIT_SIDE }, (_, i) => {
    const x = left + ((i % LOGIT_SIDE) + 0.5) * pitch;
    const y = top + (Math.floor(i / LOGIT_SIDE) + 0.5) * pitch;
    return (x - 2 * y) / 100;
  });
  return { logits, inputSide, crop };
}

const CROPS: readonly Xywh[] = [
  [0, 0, 4096, 4096],
  [512, 1024, 1024, 1024],
  [1024, 1024, 2048, 2048],
  [0, 0, 4096, 1024],
];

describe('logits of one crop as those of another', () => {
  it('are the same array where the crop is the same', () => {
    const mask = plane([1, 2, 512, 512]);
    expect(resampleLogits(mask, [1, 2, 512, 512])).toBe(mask.logits);
  });

  it.each(CROPS.flatMap((from) => CROPS.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'follow the image from %j to %j, and are far below 0 where nothing is known',
    (from, to) => {
      const resampled = resampleLogits(plane(from), to);
      const expected = plane(to).logits;
      const pitch = Math.max(to[2], to[3]) / LOGIT_SIDE;
      const edge = Math.max(pitch, Math.max(from[2], from[3]) / LOGIT_SIDE) / 2;
      resampled.forEach((value, i) => {
        if (i % 13 !== 0) return;
        const x = to[0] + ((i % LOGIT_SIDE) + 0.5) * pitch;
        const y = to[1] + (Math.floor(i / LOGIT_SIDE) + 0.5) * pitch;
        const depth = Math.min(x - from[0], y - from[1], from[0] + from[2] - x, from[1] + from[3] - y);
        const isPadding = x > to[0] + to[2] || y > to[1] + to[3];
        if (depth < -edge || isPadding) expect(value).toBe(-20);
        else if (depth >= 2 * edge) expect(value).toBeCloseTo(expected[i] ?? NaN, 3);
      });
    },
  );

  it('keep what is thinner than a cell of a coarser grid: a cell is the mean of what it covers', () => {
    const logits = Float32Array.from({ length: LOGIT_SIDE * LOGIT_SIDE }, (_, i) => (i % 4 === 0 ? 30 : -10));
    const resampled = resampleLogits(
      { logits, inputSide: 1024, crop: [512, 512, 512, 512] },
      [0, 0, 2048, 2048],
    );
    const inside = [70, 90, 120].map((cell) => resampled[cell * LOGIT_SIDE + cell]);
    expect(inside).toEqual([0, 0, 0]);
  });
});

import { expect, it } from 'vitest';
import { LOGIT_SIDE } from '../geometry/upsample';
import { candidatesOf } from './candidates';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;

it('makes of each mask that was computed a candidate that owns its logits, with the IoU of its token', () => {
  const logits = new Float32Array(2 * CELLS).fill(-5).fill(5, CELLS, CELLS + 7);
  const outputs = { logits, predictedIous: Float32Array.of(0.125, 0.25, 0.5, 0.75) };
  const candidates = candidatesOf(outputs, {
    tokens: [1, 3],
    crop: [7, 9, 100, 100],
    inputSide: 256,
  });
  expect(candidates).toMatchObject([
    { token: 1, predictedIou: 0.25, gridArea: 0, inputSide: 256, crop: [7, 9, 100, 100] },
    { token: 3, predictedIou: 0.75, gridArea: 7, inputSide: 256 },
  ]);
  expect(new Set(candidates.map((candidate) => candidate.logits.buffer)).size).toBe(2);
});

import { expect, it } from 'vitest';
import { LOGIT_SIDE } from '../geometry/upsample';
import { candidatesOf } from './candidates';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;

it('splits the outputs into four candidates that own their logits', () => {
  const logits = new Float32Array(4 * CELLS).fill(-5);
  logits.fill(5, 2 * CELLS, 2 * CELLS + 7);
  const outputs = { logits, predictedIous: Float32Array.of(0.1, 0.2, 0.3, 0.4) };
  const candidates = candidatesOf(outputs, { width: 100, height: 100 });
  expect(candidates.map(({ token, gridArea }) => [token, gridArea])).toEqual([
    [0, 0],
    [1, 0],
    [2, 7],
    [3, 0],
  ]);
  expect(candidates[3]?.predictedIou).toBeCloseTo(0.4);
  expect(new Set(candidates.map((candidate) => candidate.logits.buffer)).size).toBe(4);
});

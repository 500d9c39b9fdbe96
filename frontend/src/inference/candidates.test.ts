import { expect, it } from 'vitest';
import { LOGIT_SIDE } from '../geometry/upsample';
import { candidatesOf } from './candidates';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;
const imageSize = { width: 100, height: 100 };
const outputs = {
  logits: new Float32Array(4 * CELLS).fill(-5).fill(5, 2 * CELLS, 2 * CELLS + 7),
  predictedIous: Float32Array.of(0.1, 0.2, 0.3, 0.4),
};

it('splits the outputs into four candidates that own their logits', () => {
  const candidates = candidatesOf(outputs, { imageSize }, 1024);
  expect(candidates.map(({ token, gridArea }) => [token, gridArea])).toEqual([
    [0, 0],
    [1, 0],
    [2, 7],
    [3, 0],
  ]);
  expect(candidates[3]?.predictedIou).toBeCloseTo(0.4);
  expect(new Set(candidates.map((candidate) => candidate.logits.buffer)).size).toBe(4);
});

it('gives the candidates that were asked for, and no other', () => {
  const candidates = candidatesOf(outputs, { imageSize, tokens: [0, 2] }, 1024);
  expect(candidates.map(({ token, gridArea }) => [token, gridArea])).toEqual([
    [0, 0],
    [2, 7],
  ]);
  expect(candidates[1]?.predictedIou).toBeCloseTo(0.3);
});

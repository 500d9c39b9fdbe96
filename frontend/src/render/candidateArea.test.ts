import { describe, expect, it } from 'vitest';
import { candidateArea, positiveCells } from './candidateArea';
import type { Frame } from './gl';

const SIDE = 8;

function logitsWith(...cells: (readonly [x: number, y: number])[]): Float32Array {
  const logits = new Float32Array(SIDE * SIDE).fill(-1);
  for (const [x, y] of cells) logits[y * SIDE + x] = 0.5;
  return logits;
}

/** A 100x50 image, whose 1024x512 input has cells of 4: 10.24 input pixels an image pixel. */
const frame: Frame = {
  width: 400,
  height: 300,
  ratio: 1,
  view: { scale: 2, x: 10, y: 20 },
  imageSize: { width: 100, height: 50 },
};
const WHOLE = [0, 0, 100, 50] as const;

describe('where a candidate can show', () => {
  it('is the box of the cells above 0', () => {
    expect(positiveCells(logitsWith([2, 3], [5, 4], [3, 6]), SIDE)).toEqual([2, 3, 6, 7]);
    expect(positiveCells(logitsWith([0, 0]), SIDE)).toEqual([0, 0, 1, 1]);
  });

  it('is nowhere when no cell is above 0', () => {
    expect(positiveCells(new Float32Array(SIDE * SIDE), SIDE)).toBeNull();
  });

  it('grows by the reach of the upsampling, a pixel of the image and the width of the outline', () => {
    // Cells 64 to 128 lie at image pixels 25 to 50, canvas 60 to 110; two cells are 1.6 canvas pixels, a pixel of the
    // image is 2, the outline 4.
    expect(candidateArea([64, 64, 128, 128], frame, WHOLE, 1024)).toEqual([52, 62, 118, 128]);
  });

  it('ends at the edges of the canvas', () => {
    const zoomed = { ...frame, view: { scale: 100, x: -2000, y: -1000 } };
    expect(candidateArea([0, 0, 256, 128], zoomed, WHOLE, 1024)).toEqual([0, 0, 400, 300]);
  });

  it('is nowhere when the mask lies off the canvas', () => {
    const away = { ...frame, view: { scale: 2, x: -5000, y: 0 } };
    expect(candidateArea([64, 64, 128, 128], away, WHOLE, 1024)).toBeNull();
  });
});

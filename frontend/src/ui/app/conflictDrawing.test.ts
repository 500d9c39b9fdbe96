import { describe, expect, it } from 'vitest';

import { bitmapToRuns } from '../../geometry/rle';
import { fullMaskOf } from '../../geometry/fullMask';
import { drawLayers, layerOf, partToShow, sizeToShow } from './conflictDrawing';

const IMAGE = { width: 200, height: 100 };

/** A mask of the pixels x0..x1, y0..y1. */
function block(x0: number, y0: number, x1: number, y1: number) {
  const data = new Uint8Array(IMAGE.width * IMAGE.height);
  for (let y = y0; y < y1; y += 1) data.fill(1, y * IMAGE.width + x0, y * IMAGE.width + x1);
  return fullMaskOf(bitmapToRuns({ ...IMAGE, data }), IMAGE);
}

describe('the part of the image that is shown', () => {
  it('holds both masks and some space, and ends where the image ends', () => {
    expect(partToShow([block(20, 30, 60, 60), block(100, 40, 120, 90)], IMAGE)).toEqual([5, 15, 130, 85]);
  });

  it('is the whole image where there is nothing to show', () => {
    expect(partToShow([], IMAGE)).toEqual([0, 0, 200, 100]);
  });

  it.each([
    [
      { width: 100, height: 100 },
      { width: 100, height: 50 },
    ],
    [
      { width: 400, height: 100 },
      { width: 200, height: 100 },
    ],
  ])('fits into %j', (limit, expected) => {
    expect(sizeToShow([7, 9, 20, 10], limit)).toEqual(expected);
  });
});

describe('a mask that is drawn', () => {
  /** What a black canvas shows afterwards, at (x, y). */
  function drawn(stripes: 'rising' | 'none') {
    const picture = { width: 100, height: 50, data: new Uint8ClampedArray(100 * 50 * 4) };
    const context = {
      canvas: { width: 100, height: 50 },
      getImageData: () => picture,
      putImageData: () => undefined,
    } as unknown as CanvasRenderingContext2D;
    const layer = layerOf(block(40, 20, 160, 80), '#ff8000', stripes);
    drawLayers(context, [layer], [0, 0, 200, 100], IMAGE);
    return (x: number, y: number) => [...picture.data.slice((y * 100 + x) * 4, (y * 100 + x) * 4 + 3)];
  }

  it('is filled thinly, outlined fully, and leaves the rest alone', () => {
    const at = drawn('none');
    expect(at(19, 25)).toEqual([0, 0, 0]);
    expect(at(20, 25)).toEqual([255, 128, 0]);
    expect(at(50, 25)).toEqual([102, 51, 0]);
  });

  it('has stripes where it must be known without its colour', () => {
    const at = drawn('rising');
    const row = Array.from({ length: 12 }, (_, i) => at(40 + i, 25)[0]);
    expect(row.filter((red) => red === 191)).toHaveLength(3);
    expect(row.filter((red) => red === 102)).toHaveLength(9);
  });
});

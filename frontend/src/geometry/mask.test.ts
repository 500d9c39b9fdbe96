import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import cases from './fixtures/rle.json';
import { isInMask, measureRuns } from './mask';
import { countsToRuns, decodeMask } from './rle';
import type { Rle } from './types';

fc.configureGlobal({ seed: 20261122 });

test.each(cases)('$name: area and box are those of pycocotools', ({ segmentation, area, bbox }) => {
  const rle = segmentation as unknown as Rle;
  expect(measureRuns(countsToRuns(rle), rle.size[0])).toEqual({ area, bbox });
});

describe('a hit', () => {
  const noise = cases.find(({ name }) => name === 'noise')?.segmentation as unknown as Rle;
  const { width, height, data } = decodeMask(noise);

  test('is what the decoded mask holds at the pixel under the point', () => {
    const x = fc.double({ min: 0, max: width, maxExcluded: true, noNaN: true });
    const y = fc.double({ min: 0, max: height, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(x, y, (px, py) => {
        const pixel = data[Math.floor(py) * width + Math.floor(px)];
        expect(isInMask({ x: px, y: py }, noise)).toBe(pixel === 1);
      }),
    );
  });

  test.each([
    [-0.1, 0],
    [0, -0.1],
    [6, 0],
    [0, 4],
    [NaN, 1],
  ])('never happens outside the image: (%d, %d)', (x, y) => {
    expect(isInMask({ x, y }, { size: [4, 6], counts: '0h0' })).toBe(false);
  });

  test('reads no further than the pixel', () => {
    const brokenAfterwards = { size: [4, 6], counts: '5!' } as const;
    expect(isInMask({ x: 0.5, y: 3.5 }, brokenAfterwards)).toBe(false);
  });
});

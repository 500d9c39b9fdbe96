import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cropRuns, placeRuns, regionOf, regionToRuns } from './region';
import { areaOf } from './runs';
import { drawn, maskOf, rowsOf, samples } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

test('a mask cut to its box and set back is the same mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      expect(regionToRuns(regionOf(runs, size), size)).toEqual(runs);
    }),
  );
});

test('a region is the box of the mask', () => {
  const { runs, size } = drawn('.....', '..##.', '..#..');
  expect(regionOf(runs, size)).toEqual({
    box: [2, 1, 2, 2],
    bitmap: { width: 2, height: 2, data: Uint8Array.of(1, 1, 1, 0) },
  });
});

test('an empty mask has an empty region', () => {
  const { runs, size } = drawn('...', '...');
  const region = regionOf(runs, size);
  expect(region.bitmap.data).toHaveLength(0);
  expect(regionToRuns(region, size)).toEqual(runs);
});

const boxes = fc.tuple(
  fc.integer({ min: -10, max: 30 }),
  fc.integer({ min: -10, max: 30 }),
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: 1, max: 20 }),
);

test('a crop has the pixels of its box, none beyond the image, and is set back to where it was', () => {
  fc.assert(
    fc.property(samples, boxes, ({ runs, size }, box) => {
      const [left, top, width, height] = box;
      const rows = rowsOf(runs, size);
      const crop = cropRuns(runs, size, box);
      const expected = maskOf({ width, height }, (x, y) => rows[y + top]?.[x + left] === '#');
      expect(crop).toEqual(expected);
      const inBox = maskOf(
        size,
        (x, y) => rows[y]?.[x] === '#' && x >= left && x < left + width && y >= top && y < top + height,
      );
      expect(placeRuns(crop, box, size)).toEqual(inBox);
    }),
  );
});

test('what is set beyond the image is cut off', () => {
  const size = { width: 3, height: 2 };
  const full = Uint8Array.from({ length: 100 }, () => 1);
  const region = { box: [-5, -5, 10, 10], bitmap: { width: 10, height: 10, data: full } } as const;
  expect(areaOf(regionToRuns(region, size))).toBe(6);
});

test('a small mask on 20,000 x 20,000 has a small bitmap', () => {
  const size = { width: 20_000, height: 20_000 };
  const start = 12_345 * 20_000 + 6_789;
  const runs = Uint32Array.of(start, 7, 20_000 ** 2 - start - 7);
  expect(regionOf(runs, size)).toMatchObject({ box: [12_345, 6_789, 1, 7], bitmap: { width: 1, height: 7 } });
});

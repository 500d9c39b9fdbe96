import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullMaskOf, runsOf } from './fullMask';
import { countsToRuns } from './rle';
import { areaOf } from './runs';
import { drawn, samples } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

test('a mask that is stored and read is the same mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      const { segmentation, area, bbox } = fullMaskOf(runs, size);
      const read = runsOf({ segmentation: { ...segmentation }, area, bbox });
      expect(read).toEqual(runs);
      expect(segmentation.size).toEqual([size.height, size.width]);
      expect(area).toBe(areaOf(runs));
    }),
  );
});

test('the box is that of the set pixels', () => {
  const { runs, size } = drawn('.....', '..#..', '.###.');
  expect(fullMaskOf(runs, size)).toMatchObject({ bbox: [1, 1, 3, 2], area: 4 });
});

test('the runs of one segmentation are read once', () => {
  const { runs, size } = drawn('.#.', '##.');
  const mask = fullMaskOf(runs, size);
  const loaded = { ...mask, segmentation: { ...mask.segmentation } };
  expect(runsOf(loaded)).toBe(runsOf(loaded));
  expect(runsOf(mask)).toBe(runs);
  expect(runsOf(loaded)).toEqual(countsToRuns(mask.segmentation));
});

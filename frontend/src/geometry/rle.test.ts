import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import cases from './fixtures/rle.json';
import { countsToRuns, decodeMask, encodeMask, RleError, RunReader, runsToCounts } from './rle';
import type { Bitmap, Rle } from './types';

fc.configureGlobal({ seed: 20261122 });

function bitmapOf(rows: readonly string[]): Bitmap {
  return {
    width: rows[0]?.length ?? 0,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), Number),
  };
}

/** Masks of up to 150 columns: more than two tiles. */
const bitmap = fc
  .record({ width: fc.integer({ min: 1, max: 150 }), height: fc.integer({ min: 1, max: 40 }) })
  .chain(({ width, height }) =>
    fc
      .array(fc.tuple(fc.nat({ max: 1 }), fc.integer({ min: 1, max: 300 })), { minLength: 1 })
      .map((stretches): Bitmap => {
        const pattern = stretches.flatMap(([value, length]) => Array<number>(length).fill(value));
        const data = Uint8Array.from({ length: width * height }, (_, i) => pattern[i % pattern.length] ?? 0);
        return { width, height, data };
      }),
  );

describe('pycocotools writes the same', () => {
  const small = cases.filter(({ rows }) => rows !== null);

  test.each(small)('$name: encoded', ({ rows, segmentation }) => {
    expect(encodeMask(bitmapOf(rows ?? []))).toEqual(segmentation);
  });

  test.each(small)('$name: decoded', ({ rows, segmentation }) => {
    expect(decodeMask(segmentation as unknown as Rle)).toEqual(bitmapOf(rows ?? []));
  });

  test.each(cases)('$name: read and written again', ({ segmentation }) => {
    expect(runsToCounts(countsToRuns(segmentation as unknown as Rle))).toBe(segmentation.counts);
  });
});

test('a mask that is encoded and decoded is the same mask', () => {
  fc.assert(
    fc.property(bitmap, (mask) => {
      expect(decodeMask(encodeMask(mask))).toEqual(mask);
    }),
  );
});

test('runs of any length survive the string', () => {
  const runs = fc.array(fc.integer({ min: 0, max: 200_000_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(runs, (lengths) => {
      const size = [lengths.reduce((sum, length) => sum + length, 0), 1] as const;
      const counts = runsToCounts(Uint32Array.from(lengths));
      expect([...countsToRuns({ size, counts })]).toEqual(lengths);
    }),
  );
});

test('a reader gives runs one by one, clear ones first', () => {
  const reader = new RunReader(encodeMask(bitmapOf(['01', '11'])).counts);
  const runs: [number, number][] = [];
  while (reader.next()) runs.push([reader.value, reader.length]);
  expect(runs).toEqual([
    [0, 1],
    [1, 3],
  ]);
});

describe('a broken segmentation is refused', () => {
  test.each([
    ['too short', '5', /has 5 pixels; an image of 6x4 has 24/],
    ['too long', 'i0', /has 25 pixels/],
    ['empty', '', /has 0 pixels/],
    ['cut within a run', 'h', /Character 1 /],
    ['a character that COCO does not know', 'h0 ', /Character 2 /],
    ['a run that goes on for ever', 'hhhhhhhhhh', /Character 7 /],
    ['a run of negative length', 'O', /Run 0 .* negative/],
  ])('%s', (_, counts, message) => {
    const read = (): unknown => decodeMask({ size: [4, 6], counts });
    expect(read).toThrow(RleError);
    expect(read).toThrow(message);
  });
});

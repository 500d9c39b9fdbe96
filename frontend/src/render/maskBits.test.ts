import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureRuns } from '../geometry/mask';
import { bitmapToRuns, encodeMask } from '../geometry/rle';
import type { Bitmap } from '../geometry/types';
import { packMask } from './maskBits';

function bitmapOf(...rows: string[]): Bitmap {
  const data = Uint8Array.from(rows.join(''), (pixel) => (pixel === '#' ? 1 : 0));
  return { width: rows[0]?.length ?? 0, height: rows.length, data };
}

/** The packed mask as text, in its box. */
function unpack(bitmap: Bitmap): string[] {
  const { bbox } = measureRuns(bitmapToRuns(bitmap), bitmap.height);
  const { words, stride } = packMask(encodeMask(bitmap), bbox);
  const pixel = (x: number, y: number) => ((words[y * stride + (x >> 5)] ?? 0) >>> (x & 31)) & 1;
  return Array.from({ length: bbox[3] }, (_, y) =>
    Array.from({ length: bbox[2] }, (_, x) => (pixel(x, y) ? '#' : '.')).join(''),
  );
}

describe('masks as bits', () => {
  it('cuts the mask to its box', () => {
    expect(unpack(bitmapOf('.....', '..#..', '.##..', '.....'))).toEqual(['.#', '##']);
  });

  it('follows a run from one column into the next', () => {
    expect(unpack(bitmapOf('.##', '.##', '##.'))).toEqual(['.##', '.##', '##.']);
  });

  it('uses the sign bit of a word like any other', () => {
    const row = '#'.repeat(33);
    expect(unpack(bitmapOf(row))).toEqual([row]);
  });

  it('packs nothing for an empty mask', () => {
    expect(packMask(encodeMask(bitmapOf('..', '..')), [0, 0, 0, 0]).words).toHaveLength(0);
  });

  it('holds every pixel of any mask', () => {
    const bitmaps = fc
      .record({ width: fc.integer({ min: 1, max: 70 }), height: fc.integer({ min: 1, max: 9 }) })
      .chain(({ width, height }) =>
        fc
          .array(fc.constantFrom('.', '#'), { minLength: width * height, maxLength: width * height })
          .map((pixels) => ({ width, height, data: Uint8Array.from(pixels, (p) => (p === '#' ? 1 : 0)) })),
      );
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const { bbox } = measureRuns(bitmapToRuns(bitmap), bitmap.height);
        const [left, top, width, height] = bbox;
        const expected = Array.from({ length: height }, (_, y) =>
          Array.from({ length: width }, (_, x) =>
            bitmap.data[(y + top) * bitmap.width + x + left] ? '#' : '.',
          ).join(''),
        );
        expect(unpack(bitmap)).toEqual(expected);
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});

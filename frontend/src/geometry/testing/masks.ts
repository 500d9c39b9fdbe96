/** Masks for the specs: from pictures, from rules, and arbitrary ones. */
import fc from 'fast-check';
import { bitmapToRuns, type Runs, runsToBitmap } from '../rle';
import type { Bitmap, Size } from '../types';

export interface Sample {
  readonly runs: Runs;
  readonly size: Size;
}

/** A mask from its rows: '#' is set. */
export function drawn(...rows: readonly string[]): Sample {
  const [width, height] = [rows[0]?.length ?? 0, rows.length];
  const data = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  return { runs: bitmapToRuns({ width, height, data }), size: { width, height } };
}

/** The rows of a mask, as `drawn` takes them. */
export function rowsOf(runs: Runs, size: Size): string[] {
  const { data } = runsToBitmap(runs, size);
  const text = Array.from(data, (value) => (value ? '#' : '.')).join('');
  return Array.from({ length: size.height }, (_, y) => text.slice(y * size.width, (y + 1) * size.width));
}

/** The mask of the pixels for which a rule holds. */
export function maskOf(size: Size, isIn: (x: number, y: number) => boolean): Runs {
  const { width, height } = size;
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    isIn(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return bitmapToRuns({ width, height, data });
}

export const sizes: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 24 }),
  height: fc.integer({ min: 1, max: 24 }),
});

/** Stretches of any length, so that some run over several columns, and a first and a last pixel of either value. */
export function masksOf({ width, height }: Size): fc.Arbitrary<Runs> {
  const stretches = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 120 });
  return fc.tuple(stretches, fc.nat({ max: 1 })).map(([lengths, first]) => {
    const pattern = lengths.flatMap((length, i) => Array<number>(length).fill((i + first) % 2));
    const columns = { width: height, height: width };
    const data = Uint8Array.from({ length: width * height }, (_, i) => pattern[i % pattern.length] ?? 0);
    return bitmapToRuns(transposed({ ...columns, data }));
  });
}

function transposed({ width, height, data }: Bitmap): Bitmap {
  const turned = data.map((_, i) => data[(i % height) * width + Math.floor(i / height)] ?? 0);
  return { width: height, height: width, data: turned };
}

export const samples: fc.Arbitrary<Sample> = sizes.chain((size) =>
  masksOf(size).map((runs) => ({ runs, size })),
);

export interface Pair {
  readonly a: Runs;
  readonly b: Runs;
  readonly size: Size;
}

export const pairs: fc.Arbitrary<Pair> = sizes.chain((size) =>
  fc.record({ a: masksOf(size), b: masksOf(size), size: fc.constant(size) }),
);

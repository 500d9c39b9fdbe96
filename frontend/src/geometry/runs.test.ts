import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RleError, type Runs, runsToBitmap } from './rle';
import { areaOf, combine, invert, iou, isEmpty, type SetOperation } from './runs';
import { masksOf, maskOf, pairs, samples, sizes } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

const OPERATIONS: [SetOperation, (a: boolean, b: boolean) => boolean][] = [
  ['union', (a, b) => a || b],
  ['intersection', (a, b) => a && b],
  ['difference', (a, b) => a && !b],
  ['symmetricDifference', (a, b) => a !== b],
];

function isCanonical(runs: Runs): boolean {
  return runs.every((length, i) => i === 0 || length > 0);
}

describe('a pixel of two masks that are combined', () => {
  test.each(OPERATIONS)('by %s is what the two pixels say', (operation, rule) => {
    fc.assert(
      fc.property(pairs, ({ a, b, size }) => {
        const [left, right] = [runsToBitmap(a, size).data, runsToBitmap(b, size).data];
        const expected = maskOf(size, (x, y) => {
          const i = y * size.width + x;
          return rule(left[i] === 1, right[i] === 1);
        });
        expect(combine(a, b, operation)).toEqual(expected);
      }),
    );
  });
});

describe('the algebra of sets holds', () => {
  const triples = sizes.chain((size) => fc.tuple(masksOf(size), masksOf(size), masksOf(size)));

  test('union and intersection spread over each other', () => {
    fc.assert(
      fc.property(triples, ([a, b, c]) => {
        const spread = combine(combine(a, b, 'intersection'), combine(a, c, 'intersection'), 'union');
        expect(combine(a, combine(b, c, 'union'), 'intersection')).toEqual(spread);
      }),
    );
  });

  test('De Morgan', () => {
    fc.assert(
      fc.property(pairs, ({ a, b }) => {
        expect(invert(combine(a, b, 'union'))).toEqual(combine(invert(a), invert(b), 'intersection'));
      }),
    );
  });

  test('a symmetric difference taken twice gives the mask back, so an edit can be undone', () => {
    fc.assert(
      fc.property(pairs, ({ a, b }) => {
        const change = combine(a, b, 'symmetricDifference');
        expect(combine(a, change, 'symmetricDifference')).toEqual(b);
      }),
    );
  });

  test('what is taken out and put back is the union', () => {
    fc.assert(
      fc.property(pairs, ({ a, b }) => {
        expect(combine(combine(a, b, 'difference'), b, 'union')).toEqual(combine(a, b, 'union'));
      }),
    );
  });
});

describe('results are canonical', () => {
  test('whatever the operation', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...OPERATIONS), ({ a, b }, [operation]) => {
        expect(isCanonical(combine(a, b, operation))).toBe(true);
        expect(isCanonical(invert(a))).toBe(true);
      }),
    );
  });

  test('even of runs with empty ones in between', () => {
    const spelled = Uint32Array.of(2, 1, 0, 2, 5, 0);
    expect([...combine(spelled, Uint32Array.of(10), 'union')]).toEqual([2, 3, 5]);
    expect(isEmpty(Uint32Array.of(4, 0, 6))).toBe(true);
  });
});

test('an inverse has the other pixels, and its inverse is the mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      expect(areaOf(invert(runs))).toBe(size.width * size.height - areaOf(runs));
      expect(invert(invert(runs))).toEqual(runs);
      expect(isEmpty(combine(runs, invert(runs), 'intersection'))).toBe(true);
    }),
  );
});

describe('intersection over union', () => {
  test('of two masks is the share of the pixels of both', () => {
    const [a, b] = [Uint32Array.of(0, 6, 4), Uint32Array.of(4, 6)];
    expect(iou(a, b)).toBeCloseTo(2 / 10, 12);
  });

  test('of a mask with itself is 1, of two empty ones 0', () => {
    const [mask, empty] = [Uint32Array.of(3, 5, 2), Uint32Array.of(10)];
    expect(iou(mask, mask)).toBe(1);
    expect(iou(empty, empty)).toBe(0);
  });
});

test.each([
  [
    [10, 2],
    [5, 5],
  ],
  [
    [5, 5],
    [5, 5, 1],
  ],
  [[10], [0, 11]],
])('masks of different sizes are refused: %j and %j', (a, b) => {
  const combined = (): unknown => combine(Uint32Array.from(a), Uint32Array.from(b), 'union');
  expect(combined).toThrow(RleError);
});

test('an image of 20,000 x 20,000 costs nothing but the runs', () => {
  const pixels = 20_000 ** 2;
  const a = Uint32Array.of(1000, 500, pixels - 1500);
  const b = Uint32Array.of(pixels - 10, 10);
  expect([...combine(a, b, 'union')]).toEqual([1000, 500, pixels - 1510, 10]);
  expect(areaOf(invert(a))).toBe(pixels - 500);
});

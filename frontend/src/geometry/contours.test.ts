import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contoursOf } from './contours';
import { type Ring, ringsToRuns } from './rings';
import { areaOf } from './runs';
import { drawn, maskOf, samples } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

function outlined(...rows: readonly string[]): [number, number][][] {
  const { runs, size } = drawn(...rows);
  return contoursOf(runs, size).map((ring) => ring.map(({ x, y }) => [x, y]));
}

/** Twice the area within, positive where it goes clockwise on the screen. */
function doubleArea(ring: Ring): number {
  return ring.reduce((sum, a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    return sum + a.x * b.y - b.x * a.y;
  }, 0);
}

test('the rings of a mask, filled, are the mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      expect(ringsToRuns(contoursOf(runs, size), size)).toEqual(runs);
    }),
    { numRuns: 500 },
  );
});

test('the areas of the rings, holes negative, add up to that of the mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      const doubled = contoursOf(runs, size).reduce((sum, ring) => sum + doubleArea(ring), 0);
      expect(doubled).toBe(2 * areaOf(runs));
    }),
  );
});

test('the outline turns at every vertex, by pixel edges', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      for (const ring of contoursOf(runs, size)) {
        ring.forEach((a, i) => {
          const [b = a, c = a] = [ring[(i + 1) % ring.length], ring[(i + 2) % ring.length]];
          expect(Number.isInteger(a.x) && Number.isInteger(a.y)).toBe(true);
          expect((a.x === b.x) !== (a.y === b.y)).toBe(true);
          expect(a.x === b.x).toBe(b.y === c.y);
        });
      }
    }),
  );
});

describe('an outline', () => {
  test('of a rectangle has its four corners', () => {
    expect(outlined('....', '.##.', '.##.')).toEqual([
      [
        [3, 1],
        [3, 3],
        [1, 3],
        [1, 1],
      ],
    ]);
  });

  test('of a mask that fills the image is that of the image', () => {
    expect(outlined('##', '##', '##')).toEqual([
      [
        [2, 0],
        [2, 3],
        [0, 3],
        [0, 0],
      ],
    ]);
  });

  test('of a hole is a ring of its own, the other way round', () => {
    const [outer = [], hole = []] = contoursOf(...args('###', '#.#', '###'));
    expect([doubleArea(outer), doubleArea(hole)]).toEqual([18, -2]);
  });

  test('of pixels that touch at a corner is one ring', () => {
    expect(outlined('#.', '.#')).toHaveLength(1);
    expect(outlined('.#', '#.')).toHaveLength(1);
  });

  test('of holes that touch at a corner is a ring each', () => {
    expect(outlined('####', '#.##', '##.#', '####')).toHaveLength(3);
  });

  test('of nothing is none', () => {
    expect(outlined('..', '..')).toEqual([]);
  });
});

function args(...rows: readonly string[]): Parameters<typeof contoursOf> {
  const { runs, size } = drawn(...rows);
  return [runs, size];
}

test('parts come from left to right', () => {
  const lefts = outlined('#..#', '...#', '.#..').map((ring) => Math.min(...ring.map(([x]) => x)));
  expect(lefts).toEqual([0, 1, 3]);
});

test('a column without a neighbour ends its outline', () => {
  const size = { width: 5, height: 3 };
  const runs = maskOf(size, (x) => x % 2 === 0);
  expect(contoursOf(runs, size)).toHaveLength(3);
  expect(ringsToRuns(contoursOf(runs, size), size)).toEqual(runs);
});

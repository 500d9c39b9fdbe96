import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dropIslands, fillHoles, keepLargest, parts } from './components';
import type { Runs } from './rle';
import { areaOf, combine, invert, isEmpty } from './runs';
import { drawn, maskOf, rowsOf, samples } from './testing/masks';
import type { Size } from './types';

fc.configureGlobal({ seed: 20261122 });

/** Applies an edit to a picture. */
function edited(edit: (runs: Runs, size: Size) => Runs, ...rows: readonly string[]): string[] {
  const { runs, size } = drawn(...rows);
  return rowsOf(edit(runs, size), size);
}

/** All pixels that can be reached from one by steps to set pixels, looked up the slow way. */
function reachable(
  runs: Runs,
  size: Size,
  start: number,
  steps: readonly (readonly [number, number])[],
): Runs {
  const rows = rowsOf(runs, size);
  const found = new Set([start]);
  for (const pixel of found) {
    for (const [dx, dy] of steps) {
      const [x, y] = [(pixel % size.width) + dx, Math.floor(pixel / size.width) + dy];
      if (rows[y]?.[x] === '#') found.add(y * size.width + x);
    }
  }
  return maskOf(size, (x, y) => found.has(y * size.width + x));
}

const STRAIGHT = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;
const DIAGONAL = [...STRAIGHT, [1, 1], [1, -1], [-1, 1], [-1, -1]] as const;

/** The first set pixel, counted row by row. */
function firstPixel(runs: Runs, size: Size): number {
  return rowsOf(runs, size).join('').indexOf('#');
}

describe('parts', () => {
  test('are what can be reached by steps in eight directions', () => {
    fc.assert(
      fc.property(samples, ({ runs, size }) => {
        for (const part of parts(runs, size)) {
          expect(part).toEqual(reachable(runs, size, firstPixel(part, size), DIAGONAL));
        }
      }),
    );
  });

  test('add up to the mask, share nothing, and come by falling area', () => {
    fc.assert(
      fc.property(samples, ({ runs, size }) => {
        const found = parts(runs, size);
        const areas = found.map(areaOf);
        const empty = Uint32Array.of(size.width * size.height);
        expect(found.reduce((all, part) => combine(all, part, 'union'), empty)).toEqual(runs);
        expect(areas.reduce((sum, area) => sum + area, 0)).toBe(areaOf(runs));
        expect(areas).toEqual(areas.toSorted((a, b) => b - a));
      }),
    );
  });

  test('that touch at a corner are one', () => {
    const { runs, size } = drawn('#..#', '.##.', '....', '#..#');
    expect(parts(runs, size).map(areaOf)).toEqual([4, 1, 1]);
  });

  test('of equal area come from left to right, then from top to bottom', () => {
    const { runs, size } = drawn('.#.', '...', '##.', '...', '#.#');
    const [first = '', ...others] = parts(runs, size).map((part) => rowsOf(part, size).join('/'));
    expect(first).toBe('.../.../##./.../...');
    expect(others).toEqual(['.../.../.../.../#..', '.#./.../.../.../...', '.../.../.../.../..#']);
  });

  test('of nothing are none', () => {
    expect(parts(Uint32Array.of(12), { width: 4, height: 3 })).toEqual([]);
  });
});

describe('holes', () => {
  test('are background that cannot reach the edge of the image by straight steps', () => {
    fc.assert(
      fc.property(samples, ({ runs, size }) => {
        const filled = fillHoles(runs, size);
        const holes = combine(filled, runs, 'difference');
        const background = rowsOf(invert(filled), size);
        const edges = maskOf(
          size,
          (x, y) =>
            background[y]?.[x] === '#' &&
            (x === 0 || y === 0 || x === size.width - 1 || y === size.height - 1),
        );
        // Every background pixel that is left reaches the edge, and no hole does.
        const open = Array.from(rowsOf(edges, size).join('')).flatMap((pixel, i) =>
          pixel === '#' ? [reachable(invert(runs), size, i, STRAIGHT)] : [],
        );
        const empty = Uint32Array.of(size.width * size.height);
        const reached = open.reduce((all, one) => combine(all, one, 'union'), empty);
        expect(reached).toEqual(invert(filled));
        expect(isEmpty(combine(reached, holes, 'intersection'))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  const rings = ['#######', '#.##..#', '#.##..#', '#######', '#.....#', '##.####'];

  test('are filled, the bay at the edge is not', () => {
    expect(edited(fillHoles, ...rings)).toEqual([
      '#######',
      '#######',
      '#######',
      '#######',
      '#.....#',
      '##.####',
    ]);
  });

  test('larger than asked for stay', () => {
    const filled = edited((runs, size) => fillHoles(runs, size, 3), ...rings);
    expect(filled.slice(0, 3)).toEqual(['#######', '####..#', '####..#']);
  });

  test('do not leak out between pixels that touch at a corner', () => {
    expect(edited(fillHoles, '.....', '..#..', '.#.#.', '..#..', '.....')[2]).toBe('.###.');
  });
});

describe('islands', () => {
  const islands = ['##..#', '##...', '....#', '.#..#'];

  test('smaller than asked for are dropped', () => {
    expect(edited((runs, size) => dropIslands(runs, size, 2), ...islands)).toEqual([
      '##...',
      '##...',
      '....#',
      '....#',
    ]);
  });

  test('beyond the largest are dropped', () => {
    const kept = (count: number) => edited((runs, size) => keepLargest(runs, size, count), ...islands);
    expect(kept(1)).toEqual(['##...', '##...', '.....', '.....']);
    expect(kept(2)).toEqual(['##...', '##...', '....#', '....#']);
    expect(kept(99)).toEqual(islands);
    expect(kept(0).join('')).not.toContain('#');
  });

  test('that are kept and those that are dropped make up the mask', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 30 }), ({ runs, size }, smallest) => {
        const sizes = parts(runs, size).map(areaOf);
        const large = sizes.filter((area) => area >= smallest);
        expect(parts(dropIslands(runs, size, smallest), size).map(areaOf)).toEqual(large);
        expect(keepLargest(runs, size, large.length)).toEqual(dropIslands(runs, size, smallest));
      }),
    );
  });
});

test('a mask of an image of 20,000 x 20,000 is taken apart by its columns', () => {
  const size = { width: 20_000, height: 20_000 };
  const at = (x: number, y: number): number => x * size.height + y;
  const [one, other] = [at(100, 19_998), at(9_000, 50)];
  const runs = Uint32Array.of(one, 4, other - one - 4, 9, size.width * size.height - other - 9);
  // The four pixels go over the foot of a column to the head of the next: two parts.
  expect(parts(runs, size).map(areaOf)).toEqual([9, 2, 2]);
  expect(fillHoles(runs, size)).toEqual(runs);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ring, ringsToRuns } from './rings';
import { runsToBitmap } from './rle';
import { areaOf, combine, isEmpty } from './runs';
import { rowsOf, sizes } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

function ringOf(...vertices: readonly [number, number][]): Ring {
  return vertices.map(([x, y]) => ({ x, y }));
}

const coordinate = fc.double({ min: -20, max: 45, noNaN: true });
const ring = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 8 });

/** Heights at which the rings cross the vertical line through a pixel's centre. */
function crossings(x: number, rings: readonly Ring[]): number[] {
  return rings.flatMap((vertices) =>
    vertices.flatMap((a, i) => {
      const b = vertices[(i + 1) % vertices.length] ?? a;
      return a.x <= x === b.x <= x ? [] : [a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x)];
    }),
  );
}

test('a pixel is in when a ray from its centre crosses the rings an odd number of times', () => {
  fc.assert(
    fc.property(fc.array(ring, { maxLength: 3 }), sizes, (rings, size) => {
      const { data } = runsToBitmap(ringsToRuns(rings, size), size);
      const wrong = data.findIndex((value, i) => {
        const y = Math.floor(i / size.width) + 0.5;
        const heights = crossings((i % size.width) + 0.5, rings);
        const isOnEdge = heights.some((height) => Math.abs(height - y) < 1e-9);
        return !isOnEdge && heights.filter((height) => height < y).length % 2 !== value;
      });
      expect(wrong).toBe(-1);
    }),
    { numRuns: 300 },
  );
});

describe('a lasso', () => {
  test('that crosses itself leaves out what it goes around twice', () => {
    const bow = ringOf([0, 0], [6, 0], [6, 6], [2, 6], [2, 2], [8, 2], [8, 4], [0, 4]);
    expect(rowsOf(ringsToRuns([bow], { width: 8, height: 6 }), { width: 8, height: 6 })).toEqual([
      '######..',
      '######..',
      '##....##',
      '##....##',
      '..####..',
      '..####..',
    ]);
  });

  test('around the whole image takes all of it', () => {
    const size = { width: 7, height: 5 };
    const around = ringOf([-1e6, -1e6], [1e6, -1e6], [1e6, 1e6], [-1e6, 1e6]);
    expect(areaOf(ringsToRuns([around], size))).toBe(35);
  });

  test('within it is a hole', () => {
    const [outer, inner] = [ringOf([0, 0], [5, 0], [5, 3], [0, 3]), ringOf([1, 1], [4, 1], [4, 2], [1, 2])];
    const size = { width: 5, height: 3 };
    expect(rowsOf(ringsToRuns([outer, inner], size), size)).toEqual(['#####', '#...#', '#####']);
  });
});

test('shapes side by side share no pixel and leave none out', () => {
  const size = { width: 20, height: 20 };
  const corner = fc.record({ x: coordinate, y: coordinate });
  fc.assert(
    fc.property(corner, (middle) => {
      const corners = ringOf([-50, -50], [70, -50], [70, 70], [-50, 70]);
      const triangles = corners.map((a, i) => ringsToRuns([[a, corners[(i + 1) % 4] ?? a, middle]], size));
      const whole = triangles.reduce((all, triangle) => combine(all, triangle, 'union'));
      expect(triangles.reduce((sum, triangle) => sum + areaOf(triangle), 0)).toBe(400);
      expect(areaOf(whole)).toBe(400);
    }),
  );
});

test.each<[string, Ring[]]>([
  ['no ring', []],
  ['a ring without vertices', [[]]],
  ['a point', [ringOf([2, 2])]],
  ['a line there and back', [ringOf([0, 0], [9, 9])]],
  ['a ring twice', [ringOf([0, 0], [5, 0], [5, 5]), ringOf([0, 0], [5, 0], [5, 5])]],
  ['a ring off the image', [ringOf([20, 0], [30, 0], [30, 9])]],
])('%s covers nothing', (_, rings) => {
  expect(isEmpty(ringsToRuns(rings, { width: 10, height: 10 }))).toBe(true);
});

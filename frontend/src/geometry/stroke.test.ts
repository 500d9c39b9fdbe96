import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runsToBitmap } from './rle';
import { areaOf, isEmpty } from './runs';
import { type Dab, strokeToRuns } from './stroke';
import { drawn, rowsOf, sizes } from './testing/masks';
import type { Point } from './types';

fc.configureGlobal({ seed: 20261122 });

/** The formula of the source's docstring, as a shader writes it. */
function distanceToHull(p: Point, from: Dab, to: Dab): number {
  const d = Math.hypot(to.x - from.x, to.y - from.y);
  const toDisc = ({ x, y, radius }: Dab): number => Math.hypot(p.x - x, p.y - y) - radius;
  if (d <= Math.abs(from.radius - to.radius)) return toDisc(from.radius > to.radius ? from : to);
  const [ux, uy] = [(to.x - from.x) / d, (to.y - from.y) / d];
  const a = (p.x - from.x) * ux + (p.y - from.y) * uy;
  const b = Math.abs((p.x - from.x) * uy - (p.y - from.y) * ux);
  const s = (from.radius - to.radius) / d;
  const c = Math.sqrt(1 - s ** 2);
  const k = a * c - b * s;
  if (k <= 0) return toDisc(from);
  if (k >= d * c) return toDisc(to);
  return a * s + b * c - from.radius;
}

const coordinates = fc.double({ min: -15, max: 40, noNaN: true });
const dabs = fc.record({
  x: coordinates,
  y: coordinates,
  radius: fc.double({ min: 0.01, max: 12, noNaN: true }),
});
const strokes = fc.array(dabs, { minLength: 1, maxLength: 5 });

describe('a pixel is in a stroke', () => {
  test('when its centre is in the hull of two discs that follow each other', () => {
    fc.assert(
      fc.property(strokes, sizes, (stroke, size) => {
        const { data } = runsToBitmap(strokeToRuns(stroke, size), size);
        data.forEach((value, i) => {
          const p = { x: (i % size.width) + 0.5, y: Math.floor(i / size.width) + 0.5 };
          const distances = stroke.map((dab, j) => distanceToHull(p, dab, stroke[j + 1] ?? dab));
          const distance = Math.min(...distances);
          if (Math.abs(distance) > 1e-9) expect(value).toBe(distance < 0 ? 1 : 0);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('when its centre is on the edge, too', () => {
    const { size } = drawn(...Array<string>(7).fill('.......'));
    expect(rowsOf(strokeToRuns([{ x: 3.5, y: 3.5, radius: 2 }], size), size)).toEqual([
      '.......',
      '...#...',
      '..###..',
      '.#####.',
      '..###..',
      '...#...',
      '.......',
    ]);
  });
});

test('a pen that presses harder draws a cone', () => {
  const size = { width: 12, height: 7 };
  const cone = [
    { x: 1.5, y: 3.5, radius: 0 },
    { x: 8.5, y: 3.5, radius: 2 },
  ];
  expect(rowsOf(strokeToRuns(cone, size), size)).toEqual([
    '............',
    '........#...',
    '.....#####..',
    '.##########.',
    '.....#####..',
    '........#...',
    '............',
  ]);
});

test('a stroke without a gap between far dabs crosses the whole image', () => {
  const size = { width: 300, height: 20 };
  const stroke = [
    { x: -500, y: 10, radius: 2 },
    { x: 900, y: 10, radius: 2 },
  ];
  expect(areaOf(strokeToRuns(stroke, size))).toBe(300 * 4);
});

test.each<[string, Dab[]]>([
  ['no dab', []],
  ['a dab of no radius', [{ x: 5.5, y: 5.5, radius: 0 }]],
  [
    'a stroke of no radius',
    [
      { x: 1, y: 5.5, radius: 0 },
      { x: 9, y: 5.5, radius: 0 },
    ],
  ],
  ['a dab off the image', [{ x: -20, y: 5, radius: 19 }]],
  ['a dab between pixel centres', [{ x: 5, y: 5, radius: 0.5 }]],
])('%s covers nothing', (_, stroke) => {
  expect(isEmpty(strokeToRuns(stroke, { width: 10, height: 10 }))).toBe(true);
});

test('the order of the dabs does not matter', () => {
  fc.assert(
    fc.property(strokes, sizes, (stroke, size) => {
      const backwards = strokeToRuns(stroke.toReversed(), size);
      expect(backwards).toEqual(strokeToRuns(stroke, size));
    }),
  );
});

test('an image of 20,000 x 20,000 costs nothing but the stroke', () => {
  const size = { width: 20_000, height: 20_000 };
  const dab = { x: 19_000.5, y: 19_999.5, radius: 3 };
  expect(areaOf(strokeToRuns([dab], size))).toBe(18);
});

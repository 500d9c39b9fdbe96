import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contoursOf } from './contours';
import { type Ring, ringsToRuns } from './rings';
import { iou } from './runs';
import { simplify } from './simplify';
import { drawn, maskOf, samples } from './testing/masks';
import type { Point } from './types';

fc.configureGlobal({ seed: 20261122 });

const tolerances = fc.double({ min: 0, max: 12, noNaN: true });

function vertices(rings: readonly Ring[]): number {
  return rings.reduce((sum, ring) => sum + ring.length, 0);
}

function distanceToRing({ x, y }: Point, ring: Ring): number {
  const distances = ring.map((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    const length = Math.hypot(b.x - a.x, b.y - a.y);
    const share = ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / (length * length || 1);
    const along = Math.min(Math.max(share, 0), 1);
    return Math.hypot(a.x + along * (b.x - a.x) - x, a.y + along * (b.y - a.y) - y);
  });
  return Math.min(...distances);
}

test('a larger tolerance never gives more vertices', () => {
  fc.assert(
    fc.property(samples, tolerances, tolerances, ({ runs, size }, a, b) => {
      const rings = contoursOf(runs, size);
      const [fine, coarse] = [simplify(rings, Math.min(a, b)), simplify(rings, Math.max(a, b))];
      expect(vertices(coarse)).toBeLessThanOrEqual(vertices(fine));
    }),
  );
});

test('a tolerance of 0 changes no pixel', () => {
  fc.assert(
    fc.property(samples, ({ runs, size }) => {
      expect(ringsToRuns(simplify(contoursOf(runs, size), 0), size)).toEqual(runs);
    }),
  );
});

test('every vertex that goes lies within the tolerance of what is left, and none is new', () => {
  fc.assert(
    fc.property(samples, tolerances, ({ runs, size }, tolerance) => {
      for (const ring of contoursOf(runs, size)) {
        const [left] = simplify([ring], tolerance);
        if (!left) continue;
        for (const vertex of ring) {
          expect(distanceToRing(vertex, left)).toBeLessThanOrEqual(tolerance + 1e-9);
        }
        expect(left.every((vertex) => ring.includes(vertex))).toBe(true);
      }
    }),
  );
});

describe('a ring', () => {
  const { runs, size } = drawn('..........', '.########.', '..........');
  const thin = contoursOf(runs, size);

  test('that is thin but long keeps a triangle', () => {
    expect(simplify(thin, 4).map((ring) => ring.length)).toEqual([3]);
  });

  test('goes when it is smaller than the tolerance from end to end', () => {
    expect(simplify(thin, 8.05)).toHaveLength(1);
    expect(simplify(thin, 8.1)).toEqual([]);
  });

  test('without area goes', () => {
    const line = [
      { x: 0, y: 0 },
      { x: 9, y: 0 },
      { x: 4, y: 0 },
    ];
    expect(simplify([line], 0.1)).toEqual([]);
  });
});

test('a disc of 200 pixels needs dozens of vertices, not hundreds, to be right within one pixel', () => {
  const size = { width: 220, height: 220 };
  const disc = maskOf(size, (x, y) => Math.hypot(x - 109.5, y - 109.5) < 100);
  const exact = contoursOf(disc, size);
  const rings = simplify(exact, 1);
  expect(vertices(exact)).toBeGreaterThan(400);
  expect(vertices(rings)).toBeLessThan(80);
  expect(iou(ringsToRuns(rings, size), disc)).toBeGreaterThan(0.98);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parts } from './components';
import { cropRuns } from './region';
import { runsToBitmap } from './rle';
import { areaOf, combine, invert, iou, isEmpty } from './runs';
import { grow, smooth } from './smooth';
import { strokeToRuns } from './stroke';
import { drawn, maskOf, rowsOf, samples } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

const radii = fc.double({ min: 0, max: 8, noNaN: true });

describe('a mask that grows', () => {
  test('takes in all pixels within the radius, from centre to centre', () => {
    fc.assert(
      fc.property(samples, radii, ({ runs, size }, radius) => {
        const { data } = runsToBitmap(runs, size);
        const set = [...data.keys()].filter((i) => data[i] === 1);
        const near = maskOf(size, (x, y) =>
          set.some((i) => {
            const [dx, dy] = [(i % size.width) - x, Math.floor(i / size.width) - y];
            return dx * dx + dy * dy <= radius * radius;
          }),
        );
        expect(grow(runs, size, radius)).toEqual(near);
      }),
      { numRuns: 60 },
    );
  });

  test('shrinks as its background grows', () => {
    fc.assert(
      fc.property(samples, radii, ({ runs, size }, radius) => {
        expect(grow(runs, size, -radius)).toEqual(invert(grow(invert(runs), size, radius)));
      }),
    );
  });

  test('by nothing is the same', () => {
    const { runs, size } = drawn('.#.', '##.');
    expect(grow(runs, size, 0)).toEqual(runs);
    expect(grow(runs, size, 0.9)).toEqual(runs);
    expect(grow(runs, size, -0.9)).toEqual(runs);
  });
});

test('a mask does not shrink away from the edge of the image', () => {
  const { runs, size } = drawn('####.', '####.', '####.', '####.');
  expect(rowsOf(grow(runs, size, -1), size)).toEqual(['###..', '###..', '###..', '###..']);
});

test('growing and shrinking closes a gap and leaves the outline', () => {
  const bars = ['...........', '..###.###..', '..###.###..', '..###.###..', '...........'];
  const { runs, size } = drawn('...........', ...bars, '...........');
  const closed = grow(grow(runs, size, 1), size, -1);
  expect(rowsOf(closed, size)[3]).toBe('..#######..');
  expect(isEmpty(combine(runs, closed, 'difference'))).toBe(true);
});

describe('smoothing leaves where it is', () => {
  const size = { width: 40, height: 30 };

  test.each<[string, (x: number, y: number) => boolean]>([
    ['a vertical edge', (x) => x < 17],
    ['a horizontal edge', (_, y) => y > 11],
    ['a strip one radius wide', (x) => x > 10 && x <= 15],
    ['all', () => true],
    ['nothing', () => false],
  ])('%s', (_, rule) => {
    const mask = maskOf(size, rule);
    expect(smooth(mask, size, 5)).toEqual(mask);
  });

  test.each<[string, (x: number, y: number) => boolean]>([
    ['an edge at 45 degrees', (x, y) => x + y < 31],
    ['the other edge at 45 degrees', (x, y) => x - y < 4],
  ])('%s, but for where it meets the edge of the image', (_, rule) => {
    const mask = maskOf(size, rule);
    const inner = [6, 6, 28, 18] as const;
    expect(cropRuns(smooth(mask, size, 5), size, inner)).toEqual(cropRuns(mask, size, inner));
  });
});

describe('smoothing', () => {
  const size = { width: 120, height: 100 };

  /** A disc whose radius goes up and down around its outline. */
  function ragged(x: number, y: number): boolean {
    const angle = Math.atan2(y - 49.5, x - 59.5);
    return Math.hypot(x - 59.5, y - 49.5) < 35 + 2.5 * Math.sin(40 * angle);
  }

  test('brings a ragged disc closer to the round one', () => {
    const round = maskOf(size, (x, y) => Math.hypot(x - 59.5, y - 49.5) < 35);
    const before = maskOf(size, ragged);
    const after = smooth(before, size, 8);
    expect(iou(before, round)).toBeLessThan(0.94);
    expect(iou(after, round)).toBeGreaterThan(0.97);
  });

  test('drops specks and fills pinholes, and nothing else', () => {
    const block = (x: number, y: number): boolean => x >= 20 && x < 90 && y >= 20 && y < 80;
    const dirty = maskOf(size, (x, y) => block(x, y) !== ((x === 50 && y === 50) || (x === 5 && y === 5)));
    expect(smooth(dirty, size, 4)).toEqual(smooth(maskOf(size, block), size, 4));
  });

  test('turns only what is near the outline', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 6 }), ({ runs, size: own }, radius) => {
        const changed = combine(smooth(runs, own, radius), runs, 'symmetricDifference');
        const reach = Math.ceil(1.2 * radius) * Math.SQRT2;
        const near = combine(grow(runs, own, reach), grow(runs, own, -reach), 'difference');
        expect(isEmpty(combine(changed, near, 'difference'))).toBe(true);
      }),
    );
  });

  test('is the Gaussian majority, looked up the slow way', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 4 }), ({ runs, size: own }, radius) => {
        const rows = rowsOf(runs, own);
        const reach = Math.ceil(1.2 * radius);
        const offsets = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
        const weight = (d: number): number => Math.round(4096 * Math.exp(-(d ** 2) / (0.32 * radius ** 2)));
        const clamp = (value: number, length: number): number => Math.min(Math.max(value, 0), length - 1);
        const majority = maskOf(own, (x, y) => {
          const votes = offsets.flatMap((dy) =>
            offsets.map((dx) => {
              const row = rows[clamp(y + dy, own.height)] ?? '';
              const vote = row[clamp(x + dx, own.width)] === '#' ? 1 : -1;
              return vote * weight(dx) * weight(dy);
            }),
          );
          return votes.reduce((sum, vote) => sum + vote, 0) > 0;
        });
        expect(smooth(runs, own, radius)).toEqual(majority);
      }),
      { numRuns: 40 },
    );
  });

  test.each([2, 3, 5, 8, 13, 20])('with radius %d keeps a disc that is as large across', (radius) => {
    const dab = { x: 60.5, y: 50.5, radius: radius / 2 };
    const smoothed = smooth(strokeToRuns([dab], size), size, radius);
    expect(parts(smoothed, size)).toHaveLength(1);
  });

  test('may lose what is thinner than its radius', () => {
    const line = maskOf(size, (x) => x === 60);
    expect(isEmpty(smooth(line, size, 5))).toBe(true);
  });

  test('by no radius changes nothing', () => {
    const before = maskOf(size, ragged);
    expect(smooth(before, size, 0)).toBe(before);
  });
});

test('a mask across an image of 20,000 x 20,000 is smoothed in its own box', () => {
  const size = { width: 20_000, height: 20_000 };
  const dab = { x: 15_000, y: 15_000, radius: 40 };
  const mask = strokeToRuns([dab], size);
  expect(areaOf(smooth(mask, size, 3)) / areaOf(mask)).toBeCloseTo(1, 2);
});

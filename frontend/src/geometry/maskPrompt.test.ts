import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Xywh } from './box';
import { fullMaskOf } from './fullMask';
import { logitsOfMask } from './maskPrompt';
import { cropRuns } from './region';
import { ringsToRuns } from './rings';
import type { Runs } from './rle';
import { combine, iou } from './runs';
import { strokeToRuns } from './stroke';
import { drawn, maskOf, samples } from './testing/masks';
import type { Size } from './types';
import { LOGIT_SIDE, upsampleToRuns } from './upsample';

fc.configureGlobal({ seed: 20261122 });

function whole({ width, height }: Size): Xywh {
  return [0, 0, width, height];
}

/** What an annotator draws, for an image of any size: u and v go from 0 to 1 along its sides. */
const SHAPES: Record<string, (size: Size) => Runs> = {
  'a leaning leaf': (size) => {
    const vertices = [
      [0.2, 0.15],
      [0.55, 0.1],
      [0.8, 0.45],
      [0.85, 0.9],
      [0.5, 0.7],
      [0.3, 0.75],
    ] as const;
    return ringsToRuns([vertices.map(([u, v]) => ({ x: u * size.width, y: v * size.height }))], size);
  },
  'a bent stroke': (size) => {
    const radius = 0.06 * Math.max(size.width, size.height);
    const dabs = Array.from({ length: 12 }, (_, i) => {
      const u = 0.1 + 0.07 * i;
      return { x: u * size.width, y: (0.5 + 0.3 * Math.sin(6 * u)) * size.height, radius };
    });
    return strokeToRuns(dabs, size);
  },
  'a ring': (size) => {
    const disc = (share: number): Runs => {
      const radius = share * Math.min(size.width, size.height);
      return strokeToRuns([{ x: 0.45 * size.width, y: 0.5 * size.height, radius }], size);
    };
    return combine(disc(0.4), disc(0.2), 'difference');
  },
  'a block at the edge': (size) => maskOf(size, (x, y) => x > 0.6 * size.width && y > 0.3 * size.height),
};

const SIZES: [number, number][] = [
  [640, 480],
  [427, 640],
  [200, 200],
  [1500, 1000],
];

describe('a mask prompt, brought back to the image, is the mask', () => {
  const cases = Object.keys(SHAPES).flatMap((name) =>
    SIZES.flatMap(([width, height]) => [1024, 256].map((side) => [name, width, height, side] as const)),
  );

  test.each(cases)('%s on %d x %d, input of %d', (name, width, height, inputSide) => {
    const size = { width, height };
    const runs = SHAPES[name]?.(size) ?? Uint32Array.of();
    const logits = logitsOfMask(fullMaskOf(runs, size), size, whole(size), inputSide);
    const back = upsampleToRuns({ logits, inputSide, crop: whole(size) }, size);
    expect(iou(back, runs)).toBeGreaterThan(0.97);
  });

  test('as far as it lies in the crop that the model sees', () => {
    const size = { width: 2000, height: 1400 };
    const crop: Xywh = [500, 350, 700, 700];
    const runs = SHAPES['a leaning leaf']?.(size) ?? Uint32Array.of();
    const logits = logitsOfMask(fullMaskOf(runs, size), size, crop, 1024);
    const seen = maskOf(size, (x, y) => x >= 500 && x < 1200 && y >= 350 && y < 1050);
    const back = upsampleToRuns({ logits, inputSide: 1024, crop }, size);
    expect(iou(back, combine(runs, seen, 'intersection'))).toBeGreaterThan(0.99);
  });
});

test('a crop has the prompt of an image that shows nothing else', () => {
  const boxes = fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.integer({ min: 1, max: 24 }));
  fc.assert(
    fc.property(samples, boxes, ({ runs, size }, [x, y, side]) => {
      const crop: Xywh = [x, y, side, side];
      const own = { width: side, height: side };
      const alone = fullMaskOf(cropRuns(runs, size, crop), own);
      const logits = logitsOfMask(fullMaskOf(runs, size), size, crop, 1024);
      const expected = logitsOfMask(alone, own, whole(own), 1024);
      expect(logits.findIndex((value, i) => value !== expected[i])).toBe(-1);
    }),
    { numRuns: 20 },
  );
});

describe('a cell', () => {
  const side = LOGIT_SIDE;
  const size = { width: 2 * side, height: side };
  /** An image twice as wide as the grid: a cell has two pixels across and two down. */
  const logits = logitsOfMask(
    fullMaskOf(
      maskOf(size, (x, y) => x < 5 && (y < 4 || x < 4)),
      size,
    ),
    size,
    whole(size),
    side,
  );
  const at = (column: number, row: number): number => logits[row * side + column] ?? NaN;

  test('is certain where all of it or none is mask', () => {
    expect([at(0, 0), at(1, 9), at(3, 0)]).toEqual([10, 10, -10]);
  });

  test('is 0 where half of it is', () => {
    expect(at(2, 0)).toBe(0);
  });

  test('of padding is outside', () => {
    const rows = size.height / 2;
    expect(at(0, rows - 1)).toBe(10);
    expect(at(0, rows)).toBe(-10);
  });

  test('counts its share of image only, where it holds the edge', () => {
    const odd = drawn('###', '###');
    const full = logitsOfMask(fullMaskOf(odd.runs, odd.size), odd.size, whole(odd.size), 1024);
    const values = new Set(full);
    expect([...values].sort()).toEqual([-10, 10]);
  });
});

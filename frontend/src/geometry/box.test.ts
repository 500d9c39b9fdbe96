import { expect, test } from 'vitest';
import { boxFromCorners, boxInImage, isInImage, isInXywh } from './box';

const image = { width: 100, height: 80 };

test.each([
  [
    { x: 10, y: 20 },
    { x: 30, y: 50 },
  ],
  [
    { x: 30, y: 50 },
    { x: 10, y: 20 },
  ],
  [
    { x: 30, y: 20 },
    { x: 10, y: 50 },
  ],
])('a box is the same from any corner: %o to %o', (a, b) => {
  expect(boxFromCorners(a, b)).toEqual({ x0: 10, y0: 20, x1: 30, y1: 50 });
});

test('a box that leaves the image is cut at its edge', () => {
  const box = { x0: -5, y0: 70, x1: 120, y1: 90 };
  expect(boxInImage(box, image)).toEqual({ x0: 0, y0: 70, x1: 100, y1: 80 });
});

test.each([
  ['outside', { x0: 100, y0: 0, x1: 120, y1: 10 }],
  ['without width', { x0: 10, y0: 10, x1: 10, y1: 20 }],
  ['without height', { x0: 10, y0: 20, x1: 20, y1: 20 }],
])('a box %s holds nothing of the image', (_, box) => {
  expect(boxInImage(box, image)).toBeNull();
});

test.each([
  [0, 0, true],
  [99.9, 79.9, true],
  [100, 40, false],
  [40, 80, false],
  [-0.1, 40, false],
])('(%d, %d) lies in the image: %s', (x, y, expected) => {
  expect(isInImage({ x, y }, image)).toBe(expected);
});

test('an XYWH box holds its left and top edge but not its right and bottom one', () => {
  expect(isInXywh({ x: 10, y: 20 }, [10, 20, 5, 5])).toBe(true);
  expect(isInXywh({ x: 15, y: 22 }, [10, 20, 5, 5])).toBe(false);
  expect(isInXywh({ x: 12, y: 25 }, [10, 20, 5, 5])).toBe(false);
});

import { describe, expect, it } from 'vitest';
import type { Frame } from './gl';
import { isEmptyRect, rectOnCanvas, stripsAround } from './rects';

const whole = { x0: 0, y0: 0, x1: 100, y1: 80 };
const frame: Frame = {
  width: 100,
  height: 80,
  ratio: 1,
  view: { scale: 0.5, x: 10, y: -3 },
  imageSize: { width: 400, height: 300 },
};

/** How many of the rectangles hold each pixel of the whole. */
function cover(rects: readonly { x0: number; y0: number; x1: number; y1: number }[]): Set<number> {
  const counts = new Set<number>();
  for (let y = whole.y0; y < whole.y1; y += 1) {
    for (let x = whole.x0; x < whole.x1; x += 1) {
      counts.add(rects.filter(({ x0, y0, x1, y1 }) => x >= x0 && x < x1 && y >= y0 && y < y1).length);
    }
  }
  return counts;
}

describe('the strips around a part', () => {
  it.each([
    ['shifted to the right and up', { x0: 7, y0: -5, x1: 107, y1: 75 }],
    ['shifted down', { x0: 0, y0: 30, x1: 100, y1: 110 }],
    ['in the middle', { x0: 20, y0: 20, x1: 40, y1: 70 }],
    ['gone from sight', { x0: 200, y0: 0, x1: 300, y1: 80 }],
  ])('cover what the part does not, each pixel once: %s', (_, part) => {
    const strips = stripsAround(whole, part);
    expect(strips.some(isEmptyRect)).toBe(false);
    expect(cover([...strips, ...(part.x0 < 100 ? [part] : [])])).toEqual(new Set([1]));
  });

  it('are none where the part is everything', () => {
    expect(stripsAround(whole, whole)).toEqual([]);
  });
});

describe('the rectangle of a box of the image', () => {
  it('holds every pixel that the box touches, with its margin', () => {
    expect(rectOnCanvas([21, 41, 9, 9], frame, 2)).toEqual({ x0: 18, y0: 15, x1: 27, y1: 24 });
  });

  it('is empty beside the canvas', () => {
    expect(isEmptyRect(rectOnCanvas([380, 10, 10, 10], frame))).toBe(true);
  });
});

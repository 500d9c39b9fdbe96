import { describe, expect, it } from 'vitest';
import { encodeMask } from '../geometry/rle';
import type { Bitmap } from '../geometry/types';
import { levelFor, packLevels, type MaskLevels } from './maskLevels';

const WIDTH = 150;
const HEIGHT = 71;

function bitmapOf(isIn: (x: number, y: number) => boolean): Bitmap {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    Number(isIn(i % WIDTH, Math.floor(i / WIDTH))),
  );
  return { width: WIDTH, height: HEIGHT, data };
}

const pack = (bitmap: Bitmap): MaskLevels => packLevels(encodeMask(bitmap), [0, 0, WIDTH, HEIGHT]);

function bit({ words, levels }: MaskLevels, level: number, x: number, y: number): number {
  const { first, stride } = levels[level] ?? { first: 0, stride: 0 };
  return ((words[first + y * stride + (x >> 5)] ?? 0) >>> (x & 31)) & 1;
}

describe('the levels of a mask', () => {
  it('take a pixel in where at least two of its four pixels are', () => {
    const bitmap = bitmapOf((x, y) => Math.sin(x * 0.9) + Math.cos(y * 1.3) + Math.sin(x * y) > 0.4);
    const levels = pack(bitmap);
    for (let y = 0; y < HEIGHT >> 1; y += 1) {
      for (let x = 0; x < WIDTH >> 1; x += 1) {
        const at = 2 * y * WIDTH + 2 * x;
        const count = [at, at + 1, at + WIDTH, at + WIDTH + 1].filter((i) => bitmap.data[i]).length;
        expect(bit(levels, 1, x, y)).toBe(count >= 2 ? 1 : 0);
      }
    }
  });

  it('keep a line that is one pixel wide', () => {
    const levels = pack(bitmapOf((x) => x === 37));
    const columns = levels.levels.map((_, level) => bit(levels, level, 37 >> level, 3));
    expect(columns).toEqual(columns.map(() => 1));
    expect(columns.length).toBeGreaterThan(2);
  });

  it('are chosen so that none of their pixels exceeds a pixel of the screen', () => {
    expect([4, 1, 0.6, 0.5, 0.26, 0.25, 0.1].map(levelFor)).toEqual([0, 0, 0, 1, 1, 2, 3]);
  });
});

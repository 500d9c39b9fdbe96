import { describe, expect, it } from 'vitest';
import type { Prompt } from '../geometry/decoding';
import { encodePrompts } from './prompts';

const WIDE = [0, 0, 2048, 1000] as const;
const point = (x: number, y: number, label: 0 | 1 = 1): Prompt => ({ kind: 'point', x, y, label });

describe('prompts as the decoder wants them', () => {
  it('scales each axis by its own rounded size in the input of the model', () => {
    const odd = [0, 0, 2047, 1001] as const;
    const corner = (inputSide: number) => [
      ...encodePrompts([point(2047, 1001)], odd, inputSide).coords.slice(0, 2),
    ];
    expect(corner(1024)).toEqual([1024, 501]);
    expect(corner(256)).toEqual([256, 125]);
  });

  it('counts from the corner of the crop that the model sees', () => {
    const { coords } = encodePrompts([point(1100, 550), point(900, 550)], [1000, 500, 2048, 1000], 1024);
    expect([...coords]).toEqual([50, 25, -50, 25, 0, 0]);
  });

  it('closes points with a padding point', () => {
    const { coords, labels, count } = encodePrompts([point(100, 50), point(20, 10, 0)], WIDE, 1024);
    expect([...coords]).toEqual([50, 25, 10, 5, 0, 0]);
    expect([...labels]).toEqual([1, 0, -1]);
    expect(count).toBe(3);
  });

  it('gives a box as two corners and no padding point', () => {
    const { coords, labels } = encodePrompts(
      [{ kind: 'box', box: { x0: 2, y0: 4, x1: 6, y1: 8 } }],
      WIDE,
      1024,
    );
    expect([...coords]).toEqual([1, 2, 3, 4]);
    expect([...labels]).toEqual([2, 3]);
  });

  it('keeps the order of the points, whatever their labels, and puts boxes last', () => {
    const box: Prompt = { kind: 'box', box: { x0: 0, y0: 0, x1: 8, y1: 8 } };
    const { labels } = encodePrompts([point(1, 1, 0), box, point(2, 2, 1), point(3, 3, 0)], WIDE, 1024);
    expect([...labels]).toEqual([0, 1, 0, 2, 3]);
  });
});

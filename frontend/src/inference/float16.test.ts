import { describe, expect, it } from 'vitest';
import { decodeFloat16, floatToHalf, halfToFloat } from './float16';

describe('half floats', () => {
  it.each([
    ['one', 0x3c00, 1],
    ['minus two', 0xc000, -2],
    ['the largest', 0x7bff, 65504],
    ['the smallest normal', 0x0400, 2 ** -14],
    ['the smallest subnormal', 0x0001, 2 ** -24],
    ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
    ['a third, rounded', 0x3555, 0.333251953125],
    ['infinity', 0x7c00, Infinity],
    ['minus infinity', 0xfc00, -Infinity],
    ['not a number', 0x7e00, NaN],
    ['minus zero', 0x8000, -0],
  ])('reads %s', (_name, bits, value) => {
    expect(halfToFloat(bits)).toBe(value);
  });

  it('decodes an array in order', () => {
    expect([...decodeFloat16(Uint16Array.of(0x3c00, 0, 0xc000))]).toEqual([1, 0, -2]);
  });

  it('are the way back of every value', () => {
    for (let bits = 0; bits < 0x10000; bits += 1) {
      const value = halfToFloat(bits);
      if (Number.isFinite(value)) expect(halfToFloat(floatToHalf(value))).toBe(value);
    }
  });

  it.each([
    [1 + 1 / 4096, 1],
    [1 + 3 / 4096, 1 + 1 / 1024],
    [70_000, 65_504],
    [-1e9, -65_504],
    [1e-9, 0],
    [2 ** -14 * 0.99999, 2 ** -14],
  ])('of %d is the nearest there is', (value, expected) => {
    expect(halfToFloat(floatToHalf(value))).toBe(expected);
  });
});

import { describe, expect, test } from 'vitest';

import { colorOf, MAKING_COLOR } from './color';

const CATEGORIES = [{ id: 1, name: 'cat', color: '#aa0000', attributes: [] }];
const uuid = (n: number) => `3f2a9c${n.toString(16).padStart(2, '0')}-8d1b-4c7e-9f00-5a6b7c8d9e0f`;

describe('the colour of a mask', () => {
  test('is that of its category', () => {
    expect(colorOf({ id: uuid(1), categoryId: 1 }, CATEGORIES)).toBe('#aa0000');
    expect(colorOf({ id: null, categoryId: 1 }, CATEGORIES)).toBe('#aa0000');
  });

  test('is the accent while a mask without a category is in the making', () => {
    expect(colorOf({ id: null, categoryId: null }, CATEGORIES)).toBe(MAKING_COLOR);
  });

  test.each([
    ['without a category', null],
    ['of a category that is gone', 7],
  ])('%s is its own, the same at every time, and not the accent', (_, categoryId) => {
    const color = colorOf({ id: uuid(1), categoryId }, CATEGORIES);
    expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(color).not.toBe(MAKING_COLOR);
    expect(colorOf({ id: uuid(1), categoryId }, [])).toBe(color);
  });

  test('differs between most masks of an image', () => {
    const colors = Array.from({ length: 8 }, (_, n) => colorOf({ id: uuid(n), categoryId: null }, []));
    expect(new Set(colors).size).toBeGreaterThanOrEqual(6);
  });
});

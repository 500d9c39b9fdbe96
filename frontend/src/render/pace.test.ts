import { expect, it } from 'vitest';

import { Pace } from './pace';

/** What may be painted in each of `frames` frames of the same length, after the first. */
function paceOf(pace: Pace, start: number, length: number, frames = 20): number[] {
  return Array.from({ length: frames }, (_, i) => pace.next(start + (i + 1) * length));
}

it('paints more and more in a frame while frames are short', () => {
  const pace = new Pace();
  const first = pace.next(0);
  expect(paceOf(pace, 0, 16)[1]).toBe(4 * first);
});

it('paints less when frames get long, but never nothing', () => {
  const pace = new Pace();
  const first = pace.next(0);
  const paces = paceOf(pace, 0, 100);
  expect(paces[0]).toBeLessThan(first);
  expect(paces.at(-1)).toBeGreaterThan(0);
});

it('learns nothing from a pause', () => {
  const pace = new Pace();
  const first = pace.next(0);
  expect(pace.next(5000)).toBe(first);
});

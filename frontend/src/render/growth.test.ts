import { describe, expect, it } from 'vitest';

import { nextStrip } from './growth';
import { areaOfRect, hullOf, intersectionOf, isEmptyRect, type Rect } from './rects';

const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };
const goal: Rect = { x0: -7, y0: 3, x1: 90, y1: 61 };

/** Every strip until the goal is reached. */
function growthOf(start: Rect, pixels: number): Rect[] {
  const strips: Rect[] = [];
  let painted = start;
  for (let strip = nextStrip(painted, goal, pixels); strip; strip = nextStrip(painted, goal, pixels)) {
    strips.push(strip);
    painted = isEmptyRect(painted) ? strip : hullOf(painted, strip);
    if (strips.length > 1000) throw new Error('It never ends.');
  }
  return strips;
}

describe('a painted rectangle', () => {
  it.each([
    ['nothing', NOTHING],
    ['a part of the goal', { x0: 10, y0: 5, x1: 30, y1: 20 }],
    ['what reaches over its border', { x0: 80, y0: -20, x1: 120, y1: 40 }],
  ])('grows from %s by strips that touch each pixel once', (_, start) => {
    const strips = growthOf(start, 400);
    const known = isEmptyRect(intersectionOf(start, goal)) ? NOTHING : start;
    const all = areaOfRect(hullOf(isEmptyRect(known) ? goal : known, goal));
    expect(strips.reduce((sum, strip) => sum + areaOfRect(strip), areaOfRect(known))).toBe(all);
  });

  it('grows by no more than it may', () => {
    expect(Math.max(...growthOf(NOTHING, 400).map(areaOfRect))).toBeLessThanOrEqual(400);
  });

  it('grows at once when it may', () => {
    expect(growthOf(NOTHING, Infinity)).toEqual([goal]);
  });

  it('goes on by single rows when it may hardly grow', () => {
    expect(growthOf(NOTHING, 1).length).toBeGreaterThan(100);
  });

  it('begins in the middle', () => {
    expect(nextStrip(NOTHING, goal, 97 * 58 * 0.01)).toEqual({ x0: 37, y0: 29, x1: 46, y1: 34 });
  });

  it('has no next strip once it holds the goal', () => {
    expect(nextStrip({ x0: -10, y0: 0, x1: 90, y1: 70 }, goal, 100)).toBeNull();
  });
});

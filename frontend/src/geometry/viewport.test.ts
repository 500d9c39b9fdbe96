import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from './types';
import { clampToCanvas, fit, pan, toImage, toScreen, type Viewport, zoomAt } from './viewport';

fc.configureGlobal({ seed: 20261122 });

const image = { width: 4000, height: 3000 };
const canvas = { width: 800, height: 800 };
const coordinate = fc.double({ min: -5000, max: 5000, noNaN: true });
const point = fc.record({ x: coordinate, y: coordinate });
const view = fc.record({
  scale: fc.double({ min: 0.11, max: 60, noNaN: true }),
  x: coordinate,
  y: coordinate,
});

function expectNear(actual: Point, expected: Point): void {
  expect(actual.x).toBeCloseTo(expected.x, 4);
  expect(actual.y).toBeCloseTo(expected.y, 4);
}

describe('fit', () => {
  test('shows the whole image, centred', () => {
    expect(fit(image, canvas)).toEqual({ scale: 0.2, x: 0, y: 100 });
  });

  test('leaves a margin on every side', () => {
    const fitted = fit(image, canvas, 50);
    expectNear(toScreen(fitted, { x: 0, y: 1500 }), { x: 50, y: 400 });
    expectNear(toScreen(fitted, { x: 4000, y: 1500 }), { x: 750, y: 400 });
  });

  test('does not blow a single pixel up to the whole canvas', () => {
    expect(fit({ width: 1, height: 1 }, canvas)).toEqual({ scale: 64, x: 368, y: 368 });
  });

  test('gives a usable view before the canvas has a size', () => {
    expect(fit(image, { width: 0, height: 0 }).scale).toBeGreaterThan(0);
  });
});

test('the way to the screen and back is the identity', () => {
  fc.assert(
    fc.property(view, point, (v, p) => {
      expectNear(toImage(v, toScreen(v, p)), p);
    }),
  );
});

describe('zoomAt', () => {
  test('keeps the point under the pointer where it is', () => {
    const factor = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(view, point, factor, (v, screen, by) => {
        const zoomed = zoomAt(v, screen, by, image, canvas);
        expectNear(toScreen(zoomed, toImage(v, screen)), screen);
      }),
    );
  });

  test('stops at half of the whole image and at single pixels', () => {
    const fitted = fit(image, canvas);
    expect(zoomAt(fitted, { x: 0, y: 0 }, 1e-6, image, canvas).scale).toBe(0.1);
    expect(zoomAt(fitted, { x: 0, y: 0 }, 1e6, image, canvas).scale).toBe(64);
  });

  test('can show a tiny image at its real size', () => {
    const tiny = { width: 10, height: 10 };
    expect(zoomAt(fit(tiny, canvas), { x: 0, y: 0 }, 1e-6, tiny, canvas).scale).toBe(1);
  });
});

describe('pan and clamp', () => {
  test('pan moves by screen pixels whatever the scale', () => {
    expect(pan({ scale: 3, x: 1, y: 2 }, 10, -20)).toEqual({ scale: 3, x: 11, y: -18 });
  });

  test('an image that can be seen is left alone', () => {
    const seen: Viewport = { scale: 1, x: -100, y: -50 };
    expect(clampToCanvas(seen, image, canvas)).toBe(seen);
  });

  test.each([
    ['right', { x: 9000, y: 0 }, { x: 752, y: 0 }],
    ['left', { x: -9000, y: 0 }, { x: -3952, y: 0 }],
    ['below', { x: 0, y: 9000 }, { x: 0, y: 752 }],
    ['above', { x: 0, y: -9000 }, { x: 0, y: -2952 }],
  ])('an image lost to the %s comes back to the edge', (_, at, expected) => {
    expect(clampToCanvas({ scale: 1, ...at }, image, canvas)).toEqual({ scale: 1, ...expected });
  });
});

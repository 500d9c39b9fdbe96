/** Masks made larger by a shape that is laid over each of their pixels. */
import type { Runs } from './rle';
import { combine, invert } from './runs';
import { forEachSpan, SpanWriter } from './spans';
import type { Size } from './types';

/** A shape that is the same to all four sides: how many pixels it goes up and down, by distance to the left and right. */
export type Shape = readonly number[];

/** Centres within `radius` of the centre in the middle. */
export function disc(radius: number): Shape {
  return Array.from({ length: Math.floor(radius) + 1 }, (_, x) =>
    Math.floor(Math.sqrt(radius ** 2 - x ** 2)),
  );
}

export function square(reach: number): Shape {
  return Array<number>(reach + 1).fill(reach);
}

/** All pixels of the image that the shape covers when its middle is on a pixel of the mask. */
export function dilate(runs: Runs, size: Size, shape: Shape): Runs {
  return shape.reduce((grown, reach, x) => {
    const left = combine(grown, spread(runs, size, -x, reach), 'union');
    return x === 0 ? left : combine(left, spread(runs, size, x, reach), 'union');
  }, runs);
}

/** Pixels around which the whole shape lies in the mask, or beyond the image: the edge of the image takes nothing off. */
export function erode(runs: Runs, size: Size, shape: Shape): Runs {
  return invert(dilate(invert(runs), size, shape));
}

/** The mask moved to the right, and longer by `reach` up and down. */
function spread(runs: Runs, { width, height }: Size, right: number, reach: number): Runs {
  const writer = new SpanWriter();
  forEachSpan(runs, height, (x, top, bottom) => {
    const column = x + right;
    if (column < 0 || column >= width) return;
    const start = column * height;
    writer.add(start + Math.max(top - reach, 0), start + Math.min(bottom + reach, height));
  });
  return writer.finish(width * height);
}

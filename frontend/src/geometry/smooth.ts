/** Outlines moved and rounded. */
import { BlurredColumns } from './blur';
import { dilate, disc, erode, square } from './dilate';
import type { Runs } from './rle';
import { combine } from './runs';
import { forEachSpan, SpanWriter } from './spans';
import type { Size } from './types';

/**
 * Adds all pixels within `radius` of the mask, from centre to centre; below 0 it takes off those within it of the
 * background. The edge of the image is no outline: a mask does not shrink away from there.
 */
export function grow(runs: Runs, size: Size, radius: number): Runs {
  return radius < 0 ? erode(runs, size, disc(-radius)) : dilate(runs, size, disc(radius));
}

/** Width of the Gaussian for a radius of 1. A disc one radius across keeps more than half of its weight, and so its middle. */
const SIGMA = 0.4;
/** In sigmas: what lies further off weighs nothing. */
const CUT = 3;
const UNIT = 4096;

/**
 * Rounds ragged outlines: a pixel is in when more than half of a Gaussian around it is. Straight edges stay where they
 * are, bumps and bays smaller than the radius go, corners become round. Whatever holds a disc one radius (in
 * pixels) across stays; what is thinner may break or vanish, so a mask that is thin everywhere may come out empty. Beyond
 * the image the mask goes on as at the edge.
 */
export function smooth(runs: Runs, size: Size, radius: number): Runs {
  if (radius <= 0) return runs;
  const weights = gaussian(radius * SIGMA);
  const band = nearOutline(runs, size, weights.length - 1);
  const settled = combine(runs, band, 'difference');
  return combine(settled, mostlySet(runs, size, band, weights), 'union');
}

/** Weights by distance, whole numbers so that sums are exact and both sides of an edge are treated alike. */
function gaussian(sigma: number): Int32Array {
  const length = Math.ceil(CUT * sigma) + 1;
  return Int32Array.from({ length }, (_, x) => Math.round(UNIT * Math.exp(-(x ** 2) / (2 * sigma ** 2))));
}

/** Pixels with both mask and background in reach: elsewhere the majority is unanimous. */
function nearOutline(runs: Runs, size: Size, reach: number): Runs {
  return combine(dilate(runs, size, square(reach)), erode(runs, size, square(reach)), 'difference');
}

/** Of the pixels of `band`, those whose surroundings are mask by more than half of their weight. */
function mostlySet(runs: Runs, size: Size, band: Runs, weights: Int32Array): Runs {
  const blurred = new BlurredColumns(runs, size, weights);
  const writer = new SpanWriter();
  forEachSpan(band, size.height, (x, top, bottom) => {
    const values = blurred.around(x, top, bottom);
    values.forEach((value, i) => {
      const pixel = x * size.height + top + i;
      if (2 * value > blurred.most) writer.add(pixel, pixel + 1);
    });
  });
  return writer.finish(size.width * size.height);
}

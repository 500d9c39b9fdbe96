/** A mask cut to a part of its image: for what needs a bitmap, of the part and never of the whole image. */
import type { Xywh } from './box';
import { measureRuns } from './mask';
import { bitmapToRuns, type Runs, runsToBitmap } from './rle';
import { forEachSpan, SpanWriter } from './spans';
import type { Bitmap, Size } from './types';

export interface Region {
  /** The part, in whole pixels of the image. */
  readonly box: Xywh;
  /** The pixels of the part. */
  readonly bitmap: Bitmap;
}

/** A mask cut to its bounding box. An empty mask gives an empty box and bitmap. */
export function regionOf(runs: Runs, size: Size): Region {
  const { bbox: box } = measureRuns(runs, size.height);
  const [, , width, height] = box;
  return { box, bitmap: runsToBitmap(cropRuns(runs, size, box), { width, height }) };
}

/** The mask of an image of `size` that is set in the region only, as far as the region lies in the image. */
export function regionToRuns({ box, bitmap }: Region, size: Size): Runs {
  return placeRuns(bitmapToRuns(bitmap), box, size);
}

/** The runs of a part of the image, as an image of its own. What of the part lies beyond the image is not set. */
export function cropRuns(runs: Runs, size: Size, [left, top, width, height]: Xywh): Runs {
  const writer = new SpanWriter();
  forEachSpan(runs, size.height, (x, from, to) => {
    if (x < left || x >= left + width) return;
    const column = (x - left) * height;
    writer.add(column + Math.max(from - top, 0), column + Math.min(to - top, height));
  });
  return writer.finish(width * height);
}

/** The other way: runs of a part, set into an image of `size`; what lies beyond the image is cut off. */
export function placeRuns(runs: Runs, [left, top, , height]: Xywh, size: Size): Runs {
  const writer = new SpanWriter();
  forEachSpan(runs, height, (x, from, to) => {
    if (x + left < 0 || x + left >= size.width) return;
    const column = (x + left) * size.height;
    writer.add(column + Math.max(from + top, 0), column + Math.min(to + top, size.height));
  });
  return writer.finish(size.width * size.height);
}

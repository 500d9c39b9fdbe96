/** Between the mask that is stored and the runs that are computed with. */
import type { FullMask } from './decoding';
import { measureRuns } from './mask';
import { countsToRuns, encodeRuns, type Runs } from './rle';
import type { Rle, Size } from './types';

/** Runs by the segmentation that they were read from, for as long as someone holds it. */
const known = new WeakMap<Rle, Runs>();

/** The mask of an image of `size`, ready to be stored. The runs become its property: do not write to them any more. */
export function fullMaskOf(runs: Runs, size: Size): FullMask {
  const segmentation = encodeRuns(runs, size);
  known.set(segmentation, runs);
  return { segmentation, ...measureRuns(runs, size.height) };
}

/**
 * The runs of a stored mask, read only once for each segmentation; do not write to them. Throws `RleError` where the
 * segmentation does not fill its size.
 */
export function runsOf({ segmentation }: FullMask): Runs {
  const runs = known.get(segmentation) ?? countsToRuns(segmentation);
  known.set(segmentation, runs);
  return runs;
}

/**
 * The set algebra of masks as runs: linear in the runs, whatever the size of the image. Masks of one operation are masks
 * of one image. What comes out is canonical: no run is of length 0 but, where the first pixel is set, the first.
 */
import { RleError, type Runs, RunWriter } from './rle';

export type SetOperation = 'union' | 'intersection' | 'difference' | 'symmetricDifference';

/** Truth tables: bit (a + 2b) says whether a pixel of values a and b is in the result. */
const TABLES: Record<SetOperation, number> = {
  union: 0b1110,
  intersection: 0b1000,
  difference: 0b0010,
  symmetricDifference: 0b0110,
};

/** `difference` is what is in `a` and not in `b`. Throws `RleError` where the masks are not of the same number of pixels. */
export function combine(a: Runs, b: Runs, operation: SetOperation): Runs {
  const table = TABLES[operation];
  const writer = new RunWriter();
  let [i, j, leftOfA, leftOfB] = [0, 0, a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const length = Math.min(leftOfA, leftOfB);
    if (length > 0) writer.add(((table >> ((i & 1) + 2 * (j & 1))) & 1) as 0 | 1, length);
    leftOfA -= length;
    leftOfB -= length;
    if (leftOfA === 0) leftOfA = a[++i] ?? 0;
    if (leftOfB === 0) leftOfB = b[++j] ?? 0;
  }
  if (remains(a, i, leftOfA) || remains(b, j, leftOfB)) {
    throw new RleError('Masks of images of different sizes cannot be combined.');
  }
  return writer.finish();
}

/** Whether pixels follow the one that was reached: those left of run `i`, or of the runs after it. */
function remains(runs: Runs, i: number, left: number): boolean {
  return left > 0 || runs.subarray(i + 1).some((length) => length > 0);
}

/** What is not in the mask. */
export function invert(runs: Runs): Runs {
  if (runs[0] === 0) return runs.slice(1);
  const inverse = new Uint32Array(runs.length + 1);
  inverse.set(runs, 1);
  return inverse;
}

/** Pixels of the mask. */
export function areaOf(runs: Runs): number {
  let area = 0;
  for (let i = 1; i < runs.length; i += 2) area += runs[i] ?? 0;
  return area;
}

export function isEmpty(runs: Runs): boolean {
  return runs.every((length, i) => i % 2 === 0 || length === 0);
}

/** Intersection over union, 0 where both are empty. */
export function iou(a: Runs, b: Runs): number {
  const shared = areaOf(combine(a, b, 'intersection'));
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

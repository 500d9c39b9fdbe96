/** Masks of a person's 100 x 80 image, for comparisons pixel by pixel. */
import type { Candidate, FullMask } from '../../geometry/decoding';
import { fullMaskOf, runsOf } from '../../geometry/fullMask';
import { combine, isEmpty } from '../../geometry/runs';
import { maskOf } from '../../geometry/testing/masks';
import { LOGIT_SIDE } from '../../geometry/upsample';
import type { Annotation } from '../model';
import { candidate } from './fakeDecoder';
import { annotation } from './person';

export const SIZE = { width: 100, height: 80 };

type Rule = (x: number, y: number) => boolean;

/** Of the pixels whose column and row pass. */
export const pixels = (rule: Rule): FullMask => fullMaskOf(maskOf(SIZE, rule), SIZE);

/** Of the pixels whose centre passes. */
export const centres = (rule: Rule): FullMask => pixels((x, y) => rule(x + 0.5, y + 0.5));

export const inBox =
  (x0: number, y0: number, x1: number, y1: number): Rule =>
  (x, y) =>
    x >= x0 && x < x1 && y >= y0 && y < y1;

export const inDisc =
  (cx: number, cy: number, radius: number): Rule =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) <= radius;

export const withMask = (id: string, mask: FullMask, fields: Partial<Annotation> = {}): Annotation => ({
  ...annotation(id),
  mask,
  ...fields,
});

/** Whether no two masks share a pixel. */
export function areDisjoint(annotations: readonly Annotation[]): boolean {
  const runs = annotations.map(({ mask }) => runsOf(mask));
  return runs.every((one, i) =>
    runs.slice(i + 1).every((other) => isEmpty(combine(one, other, 'intersection'))),
  );
}

/** What the model says: the left half of the image. */
export function leftHalf(): Candidate {
  const logits = new Float32Array(LOGIT_SIDE ** 2);
  return candidate(1, {
    logits: logits.map((_, i) => (i % LOGIT_SIDE < LOGIT_SIDE / 2 ? 10 : -10)),
    crop: [0, 0, SIZE.width, SIZE.height],
  });
}

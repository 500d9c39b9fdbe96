/** Changes of a mask by hand: functions of its runs, so that they can wait for the mask that they meet. */
import type { Candidate, FullMask } from '../geometry/decoding';
import { fullMaskOf, runsOf } from '../geometry/fullMask';
import type { Runs } from '../geometry/rle';
import { areaOf, combine } from '../geometry/runs';
import type { Size } from '../geometry/types';
import { upsampleToRuns } from '../geometry/upsample';
import type { Edit, MakingMask, ToolDraft } from './model';

/** What a gesture or a command does to a mask. */
export interface MaskChange {
  readonly kind: Edit['kind'];
  readonly apply: (before: Runs) => Runs;
  /** When the gesture began; when left out, it took no time. */
  readonly startedAt?: number;
  /** What shows of it while the mask is not there yet. */
  readonly draft?: ToolDraft | null;
}

export interface ChangedMask {
  readonly mask: FullMask;
  /** How many pixels are not what they were. */
  readonly pixels: number;
}

export function changed(before: Runs, apply: MaskChange['apply'], size: Size): ChangedMask {
  const after = apply(before);
  return { mask: fullMaskOf(after, size), pixels: areaOf(combine(before, after, 'symmetricDifference')) };
}

/** Runs of a mask in the making at full size; null gives the empty mask. */
export function runsOfMaking(shown: MakingMask | null, size: Size): Runs {
  return shown ? runsOf(fullMaskOfMaking(shown, size)) : Uint32Array.of(size.width * size.height);
}

/** The model's masks at full size, once for each. */
const known = new WeakMap<Candidate, FullMask>();

export function fullMaskOfMaking(shown: MakingMask, size: Size): FullMask {
  if (shown.kind === 'full') return shown.mask;
  const mask = known.get(shown.candidate) ?? fullMaskOf(upsampleToRuns(shown.candidate, size), size);
  known.set(shown.candidate, mask);
  return mask;
}

/** What of an editor outlives its page: plain values, fit for a store, and the way back from them. */
import type { FullMask, MaskToken, Prompt } from '../geometry/decoding';
import { Batch } from './batch';
import type { Patch } from './document';
import { Making } from './making';
import type { Annotation, Edit } from './model';
import type { Step } from './step';

/** The last entry is the newest. */
export interface HistoryDraft {
  readonly done: readonly (readonly Patch[])[];
  readonly undone: readonly (readonly Patch[])[];
}

/** A step of the mask in the making. Times are milliseconds before the draft was taken. */
export type StepDraft =
  | {
      readonly kind: 'prompt';
      readonly prompts: readonly Prompt[];
      readonly ago: readonly number[];
      /** Rungs walked down the ladder. */
      readonly walked: number;
      /** The logit that the masks are cut at; 0 when left out. */
      readonly threshold?: number;
      /** Candidates that are kept; none when left out. */
      readonly kept?: readonly MaskToken[];
    }
  | {
      readonly kind: 'edit';
      readonly edit: Omit<Edit, 'at_ms'>;
      readonly ago: number;
      readonly mask: FullMask;
    };

export interface MakingDraft {
  /** The accepted mask that is taken up again. */
  readonly baseId: string | null;
  readonly startedAgo: number;
  readonly steps: readonly StepDraft[];
  /** Objects begun before this one, to be accepted with it; none when left out. */
  readonly others?: readonly MakingDraft[];
}

export interface EditorDraft {
  readonly history: HistoryDraft;
  readonly making: MakingDraft | null;
}

export const isEmptyDraft = ({ history: { done, undone }, making }: EditorDraft): boolean =>
  done.length === 0 && undone.length === 0 && making === null;

/** Null where nothing is in the making. */
export function draftOfBatch({ isBegun, current, others }: Batch, now: number): MakingDraft | null {
  if (!isBegun) return null;
  return { ...draftOfMaking(current, now), others: others.map((other) => draftOfMaking(other, now)) };
}

/** Of steps that differ in their threshold alone, the last. */
function draftOfMaking({ base, startedAt, pile }: Making, now: number): MakingDraft {
  const steps = pile.filter((_, i) => !pile[i + 1]?.isRecut).flatMap((step) => draftOfStep(step, now));
  return { baseId: base?.id ?? null, startedAgo: now - startedAt, steps };
}

/** An edit that waits for its mask is left out: it is a change of nothing yet. */
function draftOfStep(step: Step, now: number): StepDraft[] {
  const { answer, note, prompts, given, walked, threshold, keptTokens: kept } = step;
  if (note && answer.state === 'edited') {
    const { kind, pixels, at_ms } = note.edit;
    return [{ kind: 'edit', edit: { kind, pixels }, ago: now - at_ms, mask: answer.mask }];
  }
  if (note) return [];
  const ago = given.stamps.map((at) => now - at);
  return [{ kind: 'prompt', prompts, ago, walked, threshold, kept }];
}

/** What a draft comes back into. */
export interface Circumstances {
  /** The annotation of an id, as far as it is still there. */
  readonly baseOf: (id: string) => Annotation | null;
  /** Whether the model, which may be another one by now, understands points. */
  readonly takesPoints: boolean;
  readonly now: number;
}

export function batchOfDraft({ others = [], ...draft }: MakingDraft, circumstances: Circumstances): Batch {
  const makings = [...others, draft].map((one) => makingOfDraft(one, circumstances));
  return new Batch(makings.filter(({ isBegun }) => isBegun));
}

/**
 * The mask in the making as it was, its prompts unanswered: the model is asked again, from the first step on, because
 * each answer is the ground of the next. The time in which nobody worked is not counted. A model that knows boxes only
 * is not asked about points.
 */
function makingOfDraft(draft: MakingDraft, { baseOf, takesPoints, now }: Circumstances): Making {
  const making = new Making(draft.baseId === null ? null : baseOf(draft.baseId));
  making.startedAt = now - draft.startedAgo;
  for (const step of draft.steps) {
    if (step.kind === 'edit') {
      making.edit(step.mask, { ...step.edit, at_ms: now - step.ago });
      continue;
    }
    if (!takesPoints && step.prompts.some(({ kind }) => kind === 'point')) continue;
    const stamps = step.ago.map((ago) => now - ago);
    making
      .putBack(step.prompts, stamps)
      .choose({ walked: step.walked, threshold: step.threshold ?? 0, keptTokens: step.kept ?? [] });
  }
  return making;
}

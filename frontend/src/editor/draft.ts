/** What of an editor outlives its page: plain values, fit for a store, and the way back from them. */
import type { FullMask, Prompt } from '../geometry/decoding';
import type { Patch } from './document';
import { Making, type Step } from './making';
import type { Annotation, Edit } from './model';

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
}

export interface EditorDraft {
  readonly history: HistoryDraft;
  readonly making: MakingDraft | null;
}

export const isEmptyDraft = ({ history: { done, undone }, making }: EditorDraft): boolean =>
  done.length === 0 && undone.length === 0 && making === null;

/** Null where nothing is in the making. An edit that waits for its mask is left out: it is a change of nothing yet. */
export function draftOfMaking(making: Making, now: number): MakingDraft | null {
  if (!making.isBegun) return null;
  return {
    baseId: making.base?.id ?? null,
    startedAgo: now - making.startedAt,
    steps: making.pile.flatMap((step) => draftOfStep(step, now)),
  };
}

function draftOfStep({ answer, note, prompts, given, walked }: Step, now: number): StepDraft[] {
  if (note && answer.state === 'edited') {
    const { kind, pixels, at_ms } = note.edit;
    return [{ kind: 'edit', edit: { kind, pixels }, ago: now - at_ms, mask: answer.mask }];
  }
  if (note) return [];
  return [{ kind: 'prompt', prompts, ago: given.stamps.map((at) => now - at), walked }];
}

/**
 * The mask in the making as it was, its prompts unanswered: the model is asked again, from the first step on, because
 * each answer is the ground of the next. The time in which nobody worked is not counted.
 */
export function makingOfDraft(draft: MakingDraft, base: Annotation | null, now: number): Making {
  const making = new Making(base);
  making.startedAt = now - draft.startedAgo;
  for (const step of draft.steps) {
    if (step.kind === 'edit') making.edit(step.mask, { ...step.edit, at_ms: now - step.ago });
    else
      making.putBack(
        step.prompts,
        step.ago.map((ago) => now - ago),
        step.walked,
      );
  }
  return making;
}

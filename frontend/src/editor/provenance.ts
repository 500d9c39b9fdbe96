import type { Prompt } from '../geometry/decoding';
import type { Edit, ManualProvenance, ModelVersion, PromptRecord, Provenance } from './model';
import type { Given, Source } from './step';

/** A longer gap between two masks is a pause, not work. */
const PAUSE_MS = 60_000;

/**
 * When work on a mask began: at the Accept before it, so that the time spent looking for the object counts, or at its
 * first prompt, where there was no Accept or a pause since. Milliseconds of one clock.
 */
export function startOfMask(firstPromptAt: number, lastAcceptAt: number | null): number {
  const followed = lastAcceptAt !== null && firstPromptAt - lastAcceptAt <= PAUSE_MS;
  return followed ? lastAcceptAt : firstPromptAt;
}

/** What is known when a mask is accepted. Times are milliseconds of one clock. */
export interface Made {
  readonly given: Given;
  readonly startedAt: number;
  /** Its share of the time from there to Accept: masks that are accepted at once share it evenly. */
  readonly workedMs: number;
  /** The model's last answer, which edits may have changed since; null where it was never asked. */
  readonly source: Source | null;
  readonly model: ModelVersion;
  /** The provenance of what was taken up again: the new work counts on from there. */
  readonly before: Provenance | null;
}

export function provenanceOf({ given, startedAt, workedMs, source, model, before }: Made): Provenance {
  const spent = before && 'seconds' in before ? before.seconds : 0;
  const millisecondsAt = (at: number) => Math.round(at - startedAt + spent * 1000);
  const edits = given.edits.map((edit) => ({ ...edit, at_ms: millisecondsAt(edit.at_ms) }));
  const work = {
    edits: [...(before?.edits ?? []), ...edits],
    seconds: Math.round(workedMs + spent * 1000) / 1000,
  };
  if (!source) return unasked(before, work);
  const { candidate, threshold } = source;
  const prompts = given.prompts.map((prompt, i) =>
    recordOf(prompt, millisecondsAt(given.stamps[i] ?? startedAt)),
  );
  return {
    source: 'model',
    encoder_digest: model.encoderDigest,
    decoder_digest: model.decoderDigest,
    prompts: [...(before?.source === 'model' ? before.prompts : []), ...prompts],
    token: candidate.token,
    predicted_iou: candidate.predictedIou,
    stability: candidate.stability,
    threshold,
    ...work,
  };
}

/** Changed by hand alone: where the mask came from stays true. */
function unasked(
  before: Provenance | null,
  { edits, seconds }: Pick<ManualProvenance, 'edits' | 'seconds'>,
): Provenance {
  if (!before) return { source: 'manual', edits, seconds };
  return before.source === 'import' ? { ...before, edits } : { ...before, edits, seconds };
}

function recordOf(prompt: Prompt, at_ms: number): PromptRecord {
  if (prompt.kind === 'box') return { kind: 'box', ...prompt.box, at_ms };
  const { x, y, label } = prompt;
  return { kind: 'point', x, y, label, at_ms };
}

/** How long a person worked on a mask, as far as it was noted. */
export function secondsOf(provenance: Provenance): number {
  if (provenance.source !== 'import') return provenance.seconds;
  return (provenance.edits.at(-1)?.at_ms ?? 0) / 1000;
}

/** With more time spent; what was imported keeps no account. */
export function withSeconds(provenance: Provenance, more: number): Provenance {
  if (provenance.source === 'import') return provenance;
  return { ...provenance, seconds: Math.round((provenance.seconds + more) * 1000) / 1000 };
}

/** One more change of an accepted mask by hand, which took so long: its clock goes on where it stopped. */
export function withEdit(
  provenance: Provenance,
  { kind, pixels }: Pick<Edit, 'kind' | 'pixels'>,
  tookMs = 0,
): Provenance {
  const at_ms = Math.round(secondsOf(provenance) * 1000 + tookMs);
  return { ...withSeconds(provenance, tookMs / 1000), edits: [...provenance.edits, { kind, pixels, at_ms }] };
}

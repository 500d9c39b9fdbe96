import type { Candidate, Prompt } from '../geometry/decoding';
import type { ModelVersion, PromptRecord, Provenance } from './model';

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

function recordOf(prompt: Prompt, at_ms: number): PromptRecord {
  if (prompt.kind === 'box') return { kind: 'box', ...prompt.box, at_ms };
  const { x, y, label } = prompt;
  return { kind: 'point', x, y, label, at_ms };
}

/** What is known when a mask is accepted. Times are milliseconds of one clock. */
export interface Making {
  readonly prompts: readonly Prompt[];
  readonly stamps: readonly number[];
  readonly startedAt: number;
  readonly acceptedAt: number;
  readonly candidate: Candidate;
}

export function provenanceOf(making: Making, model: ModelVersion): Provenance {
  const { prompts, stamps, startedAt, acceptedAt, candidate } = making;
  return {
    source: 'model',
    encoder_digest: model.encoderDigest,
    decoder_digest: model.decoderDigest,
    prompts: prompts.map((prompt, i) => recordOf(prompt, Math.round((stamps[i] ?? startedAt) - startedAt))),
    token: candidate.token,
    predicted_iou: candidate.predictedIou,
    stability: candidate.stability,
    seconds: Math.round(acceptedAt - startedAt) / 1000,
  };
}

import type { Core } from './core';
import type { Status } from './model';
import type { Prompting } from './prompting';

/**
 * One line on what the model is doing. The model's own failure comes first, then work in hand, then what a person must
 * know of the last action.
 */
export function statusOf({ trouble }: Core, { modelState: model, session, hovering }: Prompting): Status {
  const { lastMs: lastDecodeMs } = session.decoder;
  if (model.phase === 'error') return { phase: 'error', message: model.message, lastDecodeMs };
  if (model.phase !== 'ready') return { phase: model.phase, message: trouble?.message ?? null, lastDecodeMs };
  if (session.isBusy) return { phase: 'decoding', message: trouble?.message ?? null, lastDecodeMs };
  const failure = session.failure ?? hovering.failure;
  if (failure !== null) return { phase: 'error', message: failure, lastDecodeMs };
  return { phase: trouble?.phase ?? 'ready', message: trouble?.message ?? null, lastDecodeMs };
}

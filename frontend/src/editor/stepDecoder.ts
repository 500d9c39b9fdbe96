import type { Candidate, DecodeRequest, MaskLogits } from '../geometry/decoding';
import type { Size } from '../geometry/types';
import type { Message } from '../i18n/message';
import { ladderOf, tokensFor } from './ladder';
import type { Step } from './making';
import type { MakingMask } from './model';
import type { Decoder } from './ports';

export interface ModelAccess {
  readonly decoder: Decoder;
  readonly imageSize: Size;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Runs a change of state and lets the world know of it. */
  readonly transact: (change: () => void) => void;
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function priorOf(mask: MakingMask | null): MaskLogits | null {
  return mask?.kind === 'logits' ? mask.candidate : null;
}

/** Gets the model's answer to a step, and writes it, or the failure, into that step. */
export class StepDecoder {
  lastMs: number | null = null;

  constructor(private readonly model: ModelAccess) {}

  async decode(step: Step): Promise<void> {
    step.become({ state: 'decoding' });
    const startedAt = this.model.now();
    const { prompts } = step; // As they are now: the prior changes when the answer to an earlier step comes late.
    const prior = priorOf(step.prior);
    const { imageSize } = this.model;
    try {
      const candidates = await this.ask({ prompts, imageSize, prior, tokens: tokensFor(prompts) });
      this.model.transact(() => {
        this.lastMs = this.model.now() - startedAt;
        step.show(ladderOf({ prompts, previous: prior }, candidates));
      });
    } catch (error) {
      const message: Message = { key: 'editor:noAnswer', values: { reason: reasonOf(error) } };
      this.model.transact(() => step.become({ state: 'failed', message }));
    }
  }

  private async ask(request: DecodeRequest): Promise<readonly Candidate[]> {
    const candidates = await this.model.decoder.decode(request, 'click');
    if (!candidates?.length) throw new Error('it gave no mask');
    return candidates;
  }
}

import type { Candidate } from '../geometry/decoding';
import type { Size } from '../geometry/types';
import type { Step } from './making';
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

/** Gets the model's answer to a step, and writes it, or the failure, into that step. */
export class StepDecoder {
  lastMs: number | null = null;

  constructor(private readonly model: ModelAccess) {}

  async decode(step: Step): Promise<void> {
    step.become({ state: 'decoding' });
    const startedAt = this.model.now();
    try {
      const candidates = await this.ask(step);
      this.model.transact(() => {
        this.lastMs = this.model.now() - startedAt;
        step.show(candidates);
      });
    } catch (error) {
      const message = `The model did not answer: ${reasonOf(error)}. Accept or Retry asks again.`;
      this.model.transact(() => step.become({ state: 'failed', message }));
    }
  }

  private async ask({ prompts, prior }: Step): Promise<readonly Candidate[]> {
    const { decoder, imageSize } = this.model;
    const candidates = await decoder.decode({ prompts, imageSize, prior }, 'click');
    if (!candidates?.length) throw new Error('it gave no mask');
    return candidates;
  }
}

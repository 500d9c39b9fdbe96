/** A runtime without a network: it records what it is asked for, and waits or fails where the test says so. */
import { LOGIT_SIDE } from '../../geometry/upsample';
import type { ClickInputs, DecoderSession, SeenImage, StartSession } from '../runtime';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;

export class FakeRuntime {
  /** `start d1 on wasm`, `see 7`, `click on 7`, `forget 7`, `release d1`; images go by the first value of their embedding. */
  readonly log: string[] = [];
  readonly clicks: ClickInputs[] = [];
  private readonly gates = new Map<string, Promise<void>>();
  private readonly failures = new Map<string, string>();

  /** The decoder's name is the first byte of its image part. */
  readonly start: StartSession = async ({ image }, backend, threads): Promise<DecoderSession> => {
    const name = `d${image[0] ?? 0}`;
    await this.step(`start ${name} on ${backend}`);
    return {
      backend,
      threads,
      see: async (embedding) => {
        const id = embedding[0] ?? NaN;
        await this.step(`see ${id}`);
        return this.view(id);
      },
      release: () => this.step(`release ${name}`),
    };
  };

  /** Work of this name waits until the returned function is called. */
  pause(step: string): () => void {
    let open = (): void => undefined;
    this.gates.set(step, new Promise((resolve) => (open = resolve)));
    return () => {
      this.gates.delete(step);
      open();
    };
  }

  /** The next work of this name fails. */
  fail(step: string, message: string): void {
    this.failures.set(step, message);
  }

  /** What was done with real images, without the warm-up. */
  get work(): string[] {
    return this.log.filter((step) => !step.endsWith('-0.5'));
  }

  private view(id: number): SeenImage {
    return {
      click: async (inputs) => {
        await this.step(`click on ${id}`);
        this.clicks.push(inputs);
        const logits = new Float32Array(inputs.tokens.length * CELLS).fill(id);
        return { logits, predictedIous: Float32Array.of(0.5, 0.5, 0.5, 0.5) };
      },
      dispose: () => void this.log.push(`forget ${id}`),
    };
  }

  private async step(name: string): Promise<void> {
    this.log.push(name);
    await this.gates.get(name);
    const failure = this.failures.get(name);
    this.failures.delete(name);
    if (failure !== undefined) throw new Error(failure);
  }
}

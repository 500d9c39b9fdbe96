/**
 * A worker whose script did not load may have met a blip of the network. While the server decodes in its place, another
 * one tries now and then; once it has the model, the browser decodes by itself again.
 */
import type { Arena } from './contest';
import { abortError, ModelStartError } from './failure';
import type { LoadArgs, Setup } from './protocol';
import type { DecoderSource } from './types';

const FIRST_DELAY_MS = 2000;
/** The last try comes about four minutes after the first. */
const MAX_ATTEMPTS = 7;

export class Comeback {
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private trial: AbortController | null = null;

  constructor(
    private readonly arena: Pick<Arena, 'spawn' | 'adopt'>,
    private readonly setup: Setup,
    private readonly firstDelayMs = FIRST_DELAY_MS,
  ) {}

  /** Tries after a while, each time a longer one. */
  begin(decoder: DecoderSource): void {
    this.end();
    if (this.attempts >= MAX_ATTEMPTS) return;
    const delay = this.firstDelayMs * 2 ** this.attempts;
    this.trial = new AbortController();
    const { signal } = this.trial;
    this.timer = setTimeout(() => void this.run(decoder, signal), delay);
  }

  /** Another model is wanted: what is under way begins anew with it. */
  changeTo(decoder: DecoderSource): void {
    if (this.trial) this.begin(decoder);
  }

  end(): void {
    clearTimeout(this.timer);
    this.trial?.abort();
    this.trial = null;
  }

  private async run(decoder: DecoderSource, signal: AbortSignal): Promise<void> {
    this.attempts += 1;
    const outcome = await this.attempt({ ...decoder, ...this.setup }, signal).catch((error: unknown) =>
      error instanceof ModelStartError ? 'unable' : 'failed',
    );
    if (signal.aborted) return;
    this.trial = null;
    if (outcome === 'back') this.attempts = 0;
    if (outcome === 'failed') this.begin(decoder);
  }

  private async attempt(args: LoadArgs, signal: AbortSignal): Promise<'back' | 'failed'> {
    const link = this.arena.spawn();
    const stop = () => link.terminate(abortError('The server goes on decoding.'));
    signal.addEventListener('abort', stop);
    try {
      const info = await link.call('load', args);
      return (await this.arena.adopt({ link, info }, signal)) ? 'back' : 'failed';
    } catch (error) {
      stop();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/** Empties the queue, one entry at a time, for as long as this tab holds the lock that makes it the only sender. */
import { ApiError, NetworkError } from '../api/errors';
import { backoff, isFinal, nextToSend, toRejection } from './queue';
import type { Entry } from './entry';
import type { OutboxStore } from './store';
import type { Send } from './transport';

/** Runs `work` while no other tab does; `work` ends when the signal aborts. */
export type Exclusive = (work: () => Promise<void>, signal: AbortSignal) => Promise<void>;

/** `waiting`: the server asked for patience. `offline`: it did not answer at all. */
export type SenderPhase = 'idle' | 'sending' | 'waiting' | 'offline';

export interface SenderOptions {
  readonly store: OutboxStore;
  readonly send: Send;
  readonly random: () => number;
  /** Called after every change of the queue. `acknowledged` is the entry that the server has just confirmed. */
  readonly onChange: (acknowledged?: { entry: Entry; version: number | null }) => void;
  /** `until`: when it tries again by itself, in ms since 1970; null where it waits for nothing. */
  readonly onPhase: (phase: SenderPhase, until: number | null) => void;
}

/** How often one image's head, or the network as a whole, has failed in a row. */
interface Rest {
  attempts: number;
  until: number;
}

export class Sender {
  private wakeUp: () => void = () => undefined;
  private awake = false;
  private readonly resting = new Map<number, Rest>();
  private network: Rest = { attempts: 0, until: 0 };

  constructor(private readonly options: SenderOptions) {}

  /** Something was queued or released, or the connection came back: look again. */
  wake(): void {
    this.awake = true;
    this.wakeUp();
  }

  /** The connection came back: try everything at once. */
  reset(): void {
    this.resting.clear();
    this.network = { attempts: 0, until: 0 };
    this.wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.wake();
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted) {
      this.awake = false;
      const until = await this.step();
      if (until !== null) await this.sleep(until, signal);
    }
  }

  /** Sends what can be sent now: null. Where nothing can, the time at which something may. */
  private async step(): Promise<number | null> {
    const now = Date.now();
    if (this.network.until > now) return this.rest('offline', this.network.until);
    const entries = await this.options.store.all();
    const resting = [...this.resting].filter(([, { until }]) => until > now);
    const entry = nextToSend(entries, new Set(resting.map(([image]) => image)));
    if (!entry) {
      const ends = resting.map(([, { until }]) => until);
      return this.rest(ends.length > 0 ? 'waiting' : 'idle', Math.min(...ends));
    }
    if (this.network.attempts === 0) this.options.onPhase('sending', null);
    await this.deliver(entry);
    return null;
  }

  private async deliver(entry: Entry): Promise<void> {
    const { send, store, onChange } = this.options;
    let version: number | null;
    try {
      version = await send(entry);
    } catch (error) {
      await this.failed(entry, error);
      return;
    }
    this.network = { attempts: 0, until: 0 };
    this.resting.delete(entry.mutation.imageId);
    await store.acknowledge(entry, version);
    onChange({ entry, version });
  }

  private async failed(entry: Entry, error: unknown): Promise<void> {
    if (isFinal(error)) {
      await this.options.store.reject(entry.seq, toRejection(error));
      this.options.onChange();
    } else if (error instanceof NetworkError) {
      this.network = this.later(this.network, null);
    } else {
      const { imageId } = entry.mutation;
      const retryAfter = error instanceof ApiError ? error.retryAfter : null;
      this.resting.set(imageId, this.later(this.resting.get(imageId), retryAfter));
    }
  }

  private later(rest: Rest | undefined, retryAfter: number | null): Rest {
    const attempts = rest?.attempts ?? 0;
    return { attempts: attempts + 1, until: Date.now() + backoff(attempts, this.options.random, retryAfter) };
  }

  private rest(phase: SenderPhase, until: number): number {
    this.options.onPhase(phase, Number.isFinite(until) ? until : null);
    return until;
  }

  /** Until woken, or until the clock shows `until`; Infinity: only until woken. */
  private async sleep(until: number, signal: AbortSignal): Promise<void> {
    if (this.awake || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const delay = Math.max(0, until - Date.now());
      const timer = Number.isFinite(until) ? setTimeout(resolve, delay) : undefined;
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * What is accepted but not yet acknowledged by the server. One per page:
 *
 *   const outbox = await Outbox.open();
 *   await outbox.enqueue(imageId, change);                  // resolves once it is on disk
 *   overlay(serverList, await outbox.ofImage(imageId));     // read the entries first, the list second
 *   useSyncExternalStore(outbox.subscribe, outbox.getState);
 */
import { reasonOf } from '../api/errors';
import type { Change } from '../editor/model';
import { seenVersion, toMutation, type Entry } from './entry';
import { oneTabAtATime } from './lock';
import { Sender, type Exclusive, type SenderPhase } from './sender';
import { OutboxStore } from './store';
import { sendToServer, type Send } from './transport';
import { newUuid } from './uuid';

export interface OutboxState {
  /** Entries that the server has yet to confirm, rejected ones not counted. */
  readonly waiting: number;
  /** Entries that the server refused for good; each needs a person's decision. */
  readonly rejected: readonly Entry[];
  /** What this tab's sender does; another tab may be the one that sends. */
  readonly phase: SenderPhase;
  /** Set when this tab can send no more; the queue itself is safe on disk. */
  readonly failure: string | null;
}

export interface Acknowledgement {
  readonly entry: Entry;
  readonly version: number | null;
}

export interface OutboxOptions {
  readonly name?: string;
  readonly send?: Send;
  readonly exclusive?: Exclusive;
  readonly random?: () => number;
}

/** What tabs tell each other: the queue has changed, and, where so, what was confirmed. */
interface Message {
  readonly acknowledged: Acknowledgement | null;
}

export class Outbox {
  private state: OutboxState = { waiting: 0, rejected: [], phase: 'idle', failure: null };
  private readonly listeners = new Set<() => void>();
  private readonly acknowledgementListeners = new Set<(ack: Acknowledgement) => void>();
  private readonly channel: BroadcastChannel;
  private readonly sender: Sender;
  private readonly ended = new AbortController();

  private constructor(
    private readonly store: OutboxStore,
    { name = 'maskloop-outbox', send = sendToServer, exclusive, random = Math.random }: OutboxOptions,
  ) {
    this.sender = new Sender({
      store,
      send,
      random,
      onChange: (acknowledged) => void this.changed(acknowledged ?? null),
      onPhase: (phase) => this.setState({ phase }),
    });
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<Message>) => this.heard(data);
    this.send(exclusive ?? oneTabAtATime(name));
  }

  /** Opens the queue and starts to send. @throws where the browser refuses IndexedDB. */
  static async open(options: OutboxOptions = {}): Promise<Outbox> {
    const store = await OutboxStore.open(options.name ?? 'maskloop-outbox');
    const outbox = new Outbox(store, options);
    await outbox.refresh();
    return outbox;
  }

  /**
   * Resolves once the change is on disk. The version that it names counts only where the queue knows no better: earlier
   * changes of the annotation may still be on their way. @throws where the disk is full.
   */
  async enqueue(imageId: number, change: Change): Promise<void> {
    await this.store.add(toMutation(imageId, change), newUuid(), seenVersion(change));
    await this.changed(null);
  }

  ofImage(imageId: number): Promise<Entry[]> {
    return this.store.ofImage(imageId);
  }

  observe(imageId: number, versions: ReadonlyMap<string, number>): Promise<void> {
    return this.store.observe(imageId, versions);
  }

  /** Sends a rejected entry again. */
  async retry(seq: number): Promise<void> {
    await this.store.release(seq, newUuid());
    await this.changed(null);
  }

  /** Gives a rejected entry up. */
  async discard(seq: number): Promise<void> {
    await this.store.discard(seq);
    await this.changed(null);
  }

  /** The connection came back, or a person asks: do not wait for the backoff. */
  readonly retryNow = (): void => {
    this.sender.reset();
  };

  readonly getState = (): OutboxState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hears of every confirmation, from whichever tab sent. */
  onAcknowledged(listener: (ack: Acknowledgement) => void): () => void {
    this.acknowledgementListeners.add(listener);
    return () => this.acknowledgementListeners.delete(listener);
  }

  close(): void {
    this.ended.abort();
    this.channel.close();
    this.store.close();
  }

  private send(exclusive: Exclusive): void {
    const { signal } = this.ended;
    exclusive(() => this.sender.run(signal), signal).catch((error: unknown) => {
      if (!signal.aborted) this.setState({ failure: reasonOf(error) });
    });
  }

  private async changed(acknowledged: Acknowledgement | null): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.channel.postMessage({ acknowledged } satisfies Message);
    await this.settle(acknowledged);
  }

  private heard({ acknowledged }: Message): void {
    void this.settle(acknowledged);
  }

  private async settle(acknowledged: Acknowledgement | null): Promise<void> {
    this.sender.wake();
    if (acknowledged) for (const listener of this.acknowledgementListeners) listener(acknowledged);
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    if (this.ended.signal.aborted) return;
    const entries = await this.store.all();
    const rejected = entries.filter(({ rejection }) => rejection !== null);
    this.setState({ waiting: entries.length - rejected.length, rejected });
  }

  private setState(changes: Partial<OutboxState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

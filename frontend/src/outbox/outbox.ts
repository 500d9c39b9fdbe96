/**
 * What is accepted but not yet acknowledged by the server. One per page:
 *
 *   const outbox = await Outbox.open();
 *   await outbox.enqueue({ imageId, projectId }, change);                  // resolves once it is on disk
 *   overlay(serverList, await outbox.ofImage(imageId));     // read the entries first, the list second
 *   useSyncExternalStore(outbox.subscribe, outbox.getState);
 */
import type { Change } from '../editor/model';
import { messageOf, type Message } from '../i18n/message';
import { seenVersion, toMutation, type Entry, type Mutation, type Place } from './entry';
import { oneTabAtATime } from './lock';
import { refusalsOf, type Decision, type Refusal } from './refusals';
import { Sender, type Exclusive, type SenderPhase } from './sender';
import { OutboxStore } from './store';
import { sendToServer, type Send } from './transport';
import { newUuid } from './uuid';

export interface OutboxState {
  /** Changes that the server has yet to confirm, rejected ones not counted. */
  readonly waiting: number;
  /** Of these, changes that are not even on disk yet: a closed page loses them. */
  readonly unstored: number;
  /** What the server refused for good; each needs a person's decision. */
  readonly refusals: readonly Refusal[];
  /** What the sender does, in whichever tab it is. */
  readonly phase: SenderPhase;
  /** When it tries again by itself, in ms since 1970; null while it waits for nothing. */
  readonly retryAt: number | null;
  /** Why this tab can store or send no more. */
  readonly failure: Message | null;
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
  /** A tab with an older page keeps the queue from being opened: it must be closed. */
  readonly onBlocked?: () => void;
}

interface Unstored {
  readonly mutation: Mutation;
  readonly key: string;
  readonly seen: number | null;
}

type Phase = Pick<OutboxState, 'phase' | 'retryAt'>;

/** What tabs tell each other: the queue has changed, and, where so, what was confirmed; what the sender does; try now. */
type News =
  { readonly acknowledged: Acknowledgement | null } | { readonly sender: Phase } | { readonly retry: true };

const NOTHING: OutboxState = {
  waiting: 0,
  unstored: 0,
  refusals: [],
  phase: 'idle',
  retryAt: null,
  failure: null,
};

export class Outbox {
  private state = NOTHING;
  /** On their way to disk, in order: one that cannot be stored holds back those after it. */
  private readonly unstored: Unstored[] = [];
  private storing: Promise<void> | null = null;
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
      onPhase: (phase, retryAt) => this.tellPhase({ phase, retryAt }),
    });
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = ({ data }: MessageEvent<News>) => this.heard(data);
    this.send(exclusive ?? oneTabAtATime(name));
  }

  /** Opens the queue and starts to send. @throws where the browser refuses IndexedDB. */
  static async open(options: OutboxOptions = {}): Promise<Outbox> {
    const store: OutboxStore = await OutboxStore.open(options.name ?? 'maskloop-outbox', {
      ...(options.onBlocked && { onBlocked: options.onBlocked }),
      onSuperseded: () => outbox.supersede(),
    });
    const outbox = new Outbox(store, options);
    await outbox.refresh();
    return outbox;
  }

  /**
   * Counts as waiting at once; resolves once the change is on disk. The version that it names counts only where the
   * queue knows no better: earlier changes of the annotation may still be on their way.
   * @throws where the disk is full; the change is kept in memory, and stored with the next one or with `retryNow`.
   */
  enqueue(place: Place, change: Change): Promise<void> {
    this.unstored.push({ mutation: toMutation(place, change), key: newUuid(), seen: seenVersion(change) });
    this.setState({ waiting: this.state.waiting + 1, unstored: this.unstored.length });
    return this.storeAll();
  }

  /** The image's entries, in order. */
  async ofImage(imageId: number): Promise<Entry[]> {
    await this.storing?.catch(() => undefined); // Reported where it was enqueued.
    return this.store.ofImage(imageId);
  }

  observe(imageId: number, versions: ReadonlyMap<string, number>): Promise<void> {
    return this.store.observe(imageId, versions);
  }

  /** A person has decided what becomes of a refused entry. */
  async decide(seq: number, decision: Decision): Promise<void> {
    await this.store.decide(seq, decision, newUuid());
    await this.changed(null);
  }

  /** The image is no more: nothing of it is worth sending. */
  discardImage(imageId: number): Promise<void> {
    return this.discard(
      ({ mutation }) => mutation.imageId === imageId,
      () => this.store.discardImage(imageId),
    );
  }

  /** The project is no more. */
  discardProject(projectId: number): Promise<void> {
    return this.discard(
      ({ mutation }) => mutation.projectId === projectId,
      () => this.store.discardProject(projectId),
    );
  }

  /** How many changes of a project the server does not have. */
  async countOfProject(projectId: number): Promise<number> {
    const isOfProject = ({ mutation }: Pick<Unstored, 'mutation'>) => mutation.projectId === projectId;
    return [...(await this.store.all()), ...this.unstored].filter(isOfProject).length;
  }

  /** The connection came back, or a person asks: do not wait for the backoff. */
  readonly retryNow = (): void => {
    this.channel.postMessage({ retry: true } satisfies News);
    this.retryHere();
  };

  private retryHere(): void {
    this.sender.reset();
    this.storeAll().catch(() => undefined); // The state says why.
  }

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

  /** A newer page has the queue: it sends, this one stores no more. */
  private supersede(): void {
    this.ended.abort();
    this.setState({ failure: { key: 'durability:superseded' } });
  }

  private async discard(isGone: (change: Unstored) => boolean, clear: () => Promise<void>): Promise<void> {
    while (this.storing) await this.storing.catch(() => undefined); // Reported where it was enqueued.
    const others = this.unstored.filter((change) => !isGone(change));
    this.unstored.splice(0, this.unstored.length, ...others);
    this.setState({ unstored: this.unstored.length });
    await clear();
    await this.changed(null);
  }

  private storeAll(): Promise<void> {
    if (this.unstored.length > 0) this.storing ??= this.storeInOrder();
    return this.storing ?? Promise.resolve();
  }

  private async storeInOrder(): Promise<void> {
    try {
      for (let next = this.unstored[0]; next; next = this.unstored[0]) {
        await this.store.add(next.mutation, next.key, next.seen);
        this.unstored.shift();
        this.setState({ unstored: this.unstored.length, failure: null });
        void this.changed(null);
      }
    } catch (error) {
      if (!this.ended.signal.aborted) this.setState({ failure: messageOf(error) });
      throw error;
    } finally {
      this.storing = null;
    }
  }

  private send(exclusive: Exclusive): void {
    const { signal } = this.ended;
    exclusive(() => this.sender.run(signal), signal).catch((error: unknown) => {
      if (!signal.aborted) this.setState({ failure: messageOf(error) });
    });
  }

  private async changed(acknowledged: Acknowledgement | null): Promise<void> {
    if (this.ended.signal.aborted) return;
    this.channel.postMessage({ acknowledged } satisfies News);
    await this.settle(acknowledged);
  }

  private heard(message: News): void {
    if ('sender' in message) this.setState(message.sender);
    else if ('retry' in message) this.retryHere();
    else void this.settle(message.acknowledged);
  }

  private tellPhase(sender: Phase): void {
    const { phase, retryAt } = this.state;
    if (phase === sender.phase && retryAt === sender.retryAt) return;
    if (!this.ended.signal.aborted) this.channel.postMessage({ sender } satisfies News);
    this.setState(sender);
  }

  private async settle(acknowledged: Acknowledgement | null): Promise<void> {
    this.sender.wake();
    if (acknowledged) for (const listener of this.acknowledgementListeners) listener(acknowledged);
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    if (this.ended.signal.aborted) return;
    const before = this.unstored.length;
    const entries = await this.store.all();
    // What reaches the disk during the read may count twice for a moment, but never not at all.
    const unstored = Math.max(before, this.unstored.length);
    const refusals = refusalsOf(entries);
    this.setState({ waiting: entries.length - refusals.length + unstored, refusals });
  }

  private setState(changes: Partial<OutboxState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

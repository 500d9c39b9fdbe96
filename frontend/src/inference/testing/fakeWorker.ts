/** A worker that answers when the test says so, and records what it was asked. */
import type { Failure } from '../failure';
import type { WorkerLike } from '../link';
import type { CallName, Calls, Request } from '../protocol';

type Listener = (event: { readonly data?: unknown; readonly message?: string }) => void;

export class FakeWorker implements WorkerLike {
  readonly requests: Request[] = [];
  isTerminated = false;
  private readonly listeners = new Map<string, Listener[]>();

  postMessage(message: unknown): void {
    this.requests.push(structuredClone(message) as Request);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener as Listener]);
  }

  /** The requests of one name that have not been answered. */
  open(name: CallName): Request[] {
    return this.requests.filter((request) => request.name === name && !this.answered.has(request.id));
  }

  /** Answers the oldest open request of that name. */
  async answer<Name extends CallName>(name: Name, result: Calls[Name]['result']): Promise<void> {
    await this.reply(name, (id) => ({ id, ok: true, result }));
  }

  async refuse(name: CallName, detail: string, kind: Failure['kind'] = 'failed'): Promise<void> {
    const failure: Failure = { kind, said: { key: 'errors:problems.damaged_image', values: { detail } } };
    await this.reply(name, (id) => ({ id, ok: false, failure }));
  }

  async say(message: unknown): Promise<void> {
    this.emit('message', { data: message });
    await settle();
  }

  /** Without a message as where its script does not load. */
  async crash(message?: string): Promise<void> {
    this.emit('error', message === undefined ? {} : { message });
    await settle();
  }

  private readonly answered = new Set<number>();

  private async reply(name: CallName, build: (id: number) => unknown): Promise<void> {
    const [request] = this.open(name);
    if (!request) throw new Error(`Nobody asked for "${name}".`);
    this.answered.add(request.id);
    await this.say(build(request.id));
  }

  private emit(type: string, event: Parameters<Listener>[0]): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event);
  }
}

/** Lets everything that waits for settled promises run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

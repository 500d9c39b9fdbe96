/**
 * Requests and replies over a worker, matched by id. One message handler for the worker's whole life: replies can come
 * in any order and never reach the wrong caller.
 */
import { MessageError, type Message } from '../i18n/message';
import { abortError, errorOfFailure } from './failure';
import type { CallName, Calls, FromWorker, Progress, Reply } from './protocol';

/** The part of `Worker` that a link uses; tests bring their own. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(
    type: 'error' | 'messageerror',
    listener: (event: { readonly message?: string }) => void,
  ): void;
}

export interface LinkEvents {
  readonly onProgress?: (progress: Progress['progress']) => void;
  /** The worker died; every pending call has been rejected and the link is useless. */
  readonly onCrash?: (error: Error) => void;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerLink {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private ended: Error | null = null;
  private retiring = false;

  constructor(
    private readonly worker: WorkerLike,
    private readonly events: LinkEvents = {},
  ) {
    worker.addEventListener('message', ({ data }) => this.receive(data as FromWorker));
    worker.addEventListener('error', ({ message }) => this.crash(deathOf(message)));
    worker.addEventListener('messageerror', () => this.crash({ key: 'errors:model.workerGarbled' }));
  }

  call<Name extends CallName>(name: Name, args: Calls[Name]['args']): Promise<Calls[Name]['result']> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, name, args });
    });
  }

  /** Ends the worker now; pending calls reject with `reason`. */
  terminate(reason: Error): void {
    if (this.ended) return;
    this.ended = reason;
    this.worker.terminate();
    for (const { reject } of this.pending.values()) reject(reason);
    this.pending.clear();
  }

  /** Ends the worker once its pending calls are answered. */
  retire(): void {
    this.retiring = true;
    this.endWhenIdle();
  }

  private receive(message: FromWorker): void {
    if ('progress' in message) this.events.onProgress?.(message.progress);
    else this.settle(message);
  }

  private settle(reply: Reply): void {
    const pending = this.pending.get(reply.id);
    if (!pending) return;
    this.pending.delete(reply.id);
    if (reply.ok) pending.resolve(reply.result as never);
    else pending.reject(errorOfFailure(reply.failure));
    this.endWhenIdle();
  }

  private endWhenIdle(): void {
    if (this.retiring && this.pending.size === 0) this.terminate(abortError('The worker was replaced.'));
  }

  private crash(said: Message): void {
    if (this.ended) return;
    const error = new MessageError(said);
    this.terminate(error);
    this.events.onCrash?.(error);
  }
}

/** `reason`: in the browser's words; it has none for a script that did not load. */
function deathOf(reason?: string): Message {
  if (!reason) return { key: 'errors:model.workerNotStarted' };
  return { key: 'errors:model.workerStopped', values: { reason } };
}

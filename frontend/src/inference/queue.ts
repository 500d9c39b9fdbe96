/**
 * Decides what the decoder works on next. One request is in flight at a time, because WASM cannot be interrupted and a
 * second one would only stand in line behind it. A newer preview replaces a waiting one; a click overtakes every preview
 * and is always answered.
 */
import type { Urgency } from './types';

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result | null) => void;
  readonly reject: (error: unknown) => void;
}

export class DecodeQueue<Job, Result> {
  private clicks: Waiting<Job, Result>[] = [];
  private preview: Waiting<Job, Result> | null = null;
  private busy = false;
  private held = true;

  /** `run` does one decode. The queue starts held: nothing runs before `release`. */
  constructor(private readonly run: (job: Job) => Promise<Result>) {}

  /** Resolves to null when the request was a preview that a newer one made pointless. */
  push(job: Job, urgency: Urgency): Promise<Result | null> {
    return new Promise((resolve, reject) => {
      this.dropPreview();
      const waiting = { job, resolve, reject };
      if (urgency === 'click') this.clicks.push(waiting);
      else this.preview = waiting;
      this.next();
    });
  }

  /** Keeps requests waiting, because there is nothing to decode yet. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.next();
  }

  /** Ends all waiting requests: previews resolve to null, clicks reject with `reason`. */
  clear(reason: Error): void {
    this.dropPreview();
    for (const click of this.clicks.splice(0)) click.reject(reason);
  }

  private dropPreview(): void {
    this.preview?.resolve(null);
    this.preview = null;
  }

  private next(): void {
    if (this.busy || this.held) return;
    const click = this.clicks.shift();
    const waiting = click ?? this.preview;
    if (!waiting) return;
    if (!click) this.preview = null;
    void this.work(waiting, click ? 'click' : 'preview');
  }

  private async work(waiting: Waiting<Job, Result>, urgency: Urgency): Promise<void> {
    this.busy = true;
    try {
      const result = await this.run(waiting.job);
      // A click that came meanwhile makes the preview history: showing it would flash an outdated mask.
      const overtaken = urgency === 'preview' && this.clicks.length > 0;
      waiting.resolve(overtaken ? null : result);
    } catch (error) {
      waiting.reject(error);
    } finally {
      this.busy = false;
      this.next();
    }
  }
}

import { beforeEach, describe, expect, it } from 'vitest';
import { DecodeQueue } from './queue';
import { settle } from './testing/fakeWorker';

/** A decoder that takes as long as the test wants. */
class SlowSession {
  readonly started: string[] = [];
  private readonly running: { resolve: (result: string) => void; reject: (error: Error) => void }[] = [];

  readonly run = (job: string): Promise<string> => {
    this.started.push(job);
    return new Promise((resolve, reject) => this.running.push({ resolve, reject }));
  };

  async finish(): Promise<void> {
    this.running.shift()?.resolve(`mask of ${this.started.at(-1) ?? ''}`);
    await settle();
  }

  async fail(message: string): Promise<void> {
    this.running.shift()?.reject(new Error(message));
    await settle();
  }
}

describe('the decode queue', () => {
  let session: SlowSession;
  let queue: DecodeQueue<string, string>;

  beforeEach(() => {
    session = new SlowSession();
    queue = new DecodeQueue(session.run);
    queue.release();
  });

  it('has at most one decode in flight', async () => {
    void queue.push('a', 'click');
    void queue.push('b', 'click');
    expect(session.started).toEqual(['a']);
    await session.finish();
    expect(session.started).toEqual(['a', 'b']);
  });

  it('drops a waiting preview for a newer one and shows the one in flight', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((job) => queue.push(job, 'preview'));
    expect(await second).toBeNull();
    await session.finish();
    await session.finish();
    expect(await first).toBe('mask of a');
    expect(await third).toBe('mask of c');
    expect(session.started).toEqual(['a', 'c']);
  });

  it('lets a click overtake the waiting preview', async () => {
    void queue.push('running', 'preview');
    const waiting = queue.push('waiting', 'preview');
    const click = queue.push('click', 'click');
    expect(await waiting).toBeNull();
    await session.finish();
    await session.finish();
    expect(await click).toBe('mask of click');
    expect(session.started).toEqual(['running', 'click']);
  });

  it('does not show a preview that finishes after a click was asked for', async () => {
    const preview = queue.push('preview', 'preview');
    void queue.push('click', 'click');
    await session.finish();
    expect(await preview).toBeNull();
  });

  it('answers clicks in their order, and a preview after them', async () => {
    const answers = [queue.push('a', 'click'), queue.push('b', 'click'), queue.push('c', 'preview')];
    while (session.started.length < 3) await session.finish();
    await session.finish();
    expect(await Promise.all(answers)).toEqual(['mask of a', 'mask of b', 'mask of c']);
  });

  it('goes on after a failure, which only its own caller sees', async () => {
    const failing = queue.push('a', 'click');
    const next = queue.push('b', 'click');
    const failure = expect(failing).rejects.toThrow('out of memory');
    await session.fail('out of memory');
    await failure;
    await session.finish();
    expect(await next).toBe('mask of b');
  });

  it('keeps requests while held: the newest preview and every click', async () => {
    queue.hold();
    const dropped = queue.push('old', 'preview');
    void queue.push('click', 'click');
    void queue.push('new', 'preview');
    expect(await dropped).toBeNull();
    expect(session.started).toEqual([]);
    queue.release();
    await session.finish();
    expect(session.started).toEqual(['click', 'new']);
  });

  it('ends what waits when cleared, and leaves what runs', async () => {
    const running = queue.push('running', 'click');
    const click = queue.push('click', 'click');
    const preview = queue.push('preview', 'preview');
    const rejection = expect(click).rejects.toThrow('another image');
    queue.clear(new Error('another image'));
    await rejection;
    expect(await preview).toBeNull();
    await session.finish();
    expect(await running).toBe('mask of running');
  });
});

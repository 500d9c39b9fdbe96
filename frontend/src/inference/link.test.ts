import { beforeEach, describe, expect, it } from 'vitest';
import { isAbort } from './failure';
import { WorkerLink } from './link';
import { FakeWorker } from './testing/fakeWorker';

const RESULT = { ms: 42, predictedIous: [0.9], logits: [3] };

describe('the link to a worker', () => {
  let worker: FakeWorker;
  let crashes: Error[];
  let link: WorkerLink;

  beforeEach(() => {
    worker = new FakeWorker();
    crashes = [];
    link = new WorkerLink(worker, { onCrash: (error) => crashes.push(error) });
  });

  it('brings each reply to its caller, in whatever order they come', async () => {
    const benchmark = link.call('benchmark', null);
    const prefetch = link.call('prefetch', { embeddingUrls: [] });
    await worker.answer('prefetch', null);
    await worker.answer('benchmark', RESULT);
    expect(await Promise.all([benchmark, prefetch])).toEqual([RESULT, null]);
  });

  it('turns a refusal into an error with its message', async () => {
    const call = link.call('benchmark', null);
    const refusal = expect(call).rejects.toThrow('not loaded');
    await worker.refuse('benchmark', 'The mask decoder is not loaded yet.');
    await refusal;
  });

  it('tells an aborted call from a failed one', async () => {
    const error = link.call('benchmark', null).catch((reason: unknown) => reason);
    await worker.refuse('benchmark', 'nobody wants it', 'aborted');
    expect(isAbort(await error)).toBe(true);
  });

  it('rejects everything pending, and everything after, when the worker dies', async () => {
    const pending = [link.call('benchmark', null), link.call('prefetch', { embeddingUrls: [] })];
    const rejections = pending.map((call) => expect(call).rejects.toThrow('out of memory'));
    await worker.crash('out of memory');
    await Promise.all(rejections);
    await expect(link.call('benchmark', null)).rejects.toThrow('out of memory');
    expect(crashes).toHaveLength(1);
  });

  it('retires only after the last answer', async () => {
    const call = link.call('benchmark', null);
    link.retire();
    expect(worker.isTerminated).toBe(false);
    await worker.answer('benchmark', RESULT);
    expect(await call).toBe(RESULT);
    expect(worker.isTerminated).toBe(true);
  });
});

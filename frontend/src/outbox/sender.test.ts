import { afterEach, expect, it, vi } from 'vitest';

import { NetworkError } from '../api/errors';
import type { Entry } from './entry';
import { Sender } from './sender';
import type { OutboxStore } from './store';

afterEach(() => vi.unstubAllGlobals());

/** One entry that waits to be sent. */
function queueOf(entry: Entry): OutboxStore {
  let entries = [entry];
  const acknowledge = () => {
    entries = [];
    return Promise.resolve();
  };
  return { all: () => Promise.resolve(entries), acknowledge } as unknown as OutboxStore;
}

it('sends again after a failure although its timer rang a moment before the clock reached the end of the wait', async () => {
  // The clock moves by a millisecond whenever it is looked at, and every timer rings one millisecond too early.
  let clock = 1_000_000;
  vi.spyOn(Date, 'now').mockImplementation(() => clock++);
  vi.stubGlobal('setTimeout', (ring: () => void, delay: number) => {
    clock += Math.max(0, delay - 2);
    queueMicrotask(ring);
  });
  const tries: number[] = [];
  const ended = new AbortController();
  const entry = { seq: 1, key: 'k', rejection: null, mutation: { imageId: 1, annotationId: 'a' } } as Entry;
  await new Promise<void>((resolve) => {
    const sender = new Sender({
      store: queueOf(entry),
      send: () => {
        tries.push(clock);
        return tries.length < 4 ? Promise.reject(new NetworkError()) : Promise.resolve(1);
      },
      random: () => 0,
      onChange: () => resolve(),
      onPhase: () => undefined,
    });
    void sender.run(ended.signal);
  });
  ended.abort();
  expect(tries).toHaveLength(4);
});

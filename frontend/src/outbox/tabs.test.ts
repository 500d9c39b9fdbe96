import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { expect, it, vi } from 'vitest';

import { Outbox } from './outbox';

const options = { send: () => new Promise<never>(() => undefined), exclusive: () => Promise.resolve() };

it('waits for a tab with an older page to let go of the queue, and says so', async () => {
  const older = await openDB('older', 1, {
    upgrade(database) {
      const entries = database.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
      entries.createIndex('image', 'mutation.imageId');
      entries.createIndex('annotation', 'mutation.annotationId');
      database.createObjectStore('versions').createIndex('image', 'imageId');
    },
  });
  const onBlocked = vi.fn(() => older.close());
  const outbox = await Outbox.open({ ...options, name: 'older', onBlocked });
  expect(onBlocked).toHaveBeenCalledOnce();
  expect(outbox.getState()).toMatchObject({ waiting: 0, failure: null });
  outbox.close();
});

it('lets go of the queue when a tab with a newer page wants it, and says so', async () => {
  const outbox = await Outbox.open({ ...options, name: 'newer' });
  const onBlocked = vi.fn();
  const newer = await openDB('newer', 99, { blocked: onBlocked });
  expect(onBlocked).not.toHaveBeenCalled();
  expect(outbox.getState().failure).toEqual({ key: 'durability:superseded' });
  newer.close();
});

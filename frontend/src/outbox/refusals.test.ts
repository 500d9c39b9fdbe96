import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';

import { ApiError } from '../api/errors';
import type { Change } from '../editor/model';
import {
  annotation,
  at,
  closeAll,
  create,
  decide,
  FakeServer,
  freshName,
  refused,
  remove,
  settled,
  tab,
  update,
} from './testing/outboxes';

afterEach(closeAll);

describe('a conflict', () => {
  async function conflict(...changes: Change[]) {
    const server = new FakeServer();
    server.versions.set('a', 5);
    const outbox = await tab(freshName(), server.send);
    for (const change of changes) await outbox.enqueue(at(1), change);
    await refused(outbox);
    return { server, outbox };
  }

  it('keeps what the server holds, and what was left here, later changes included', async () => {
    const { outbox } = await conflict(update('a', 3), {
      ...update('a', 3),
      after: annotation('a'),
    } as Change);
    expect(outbox.getState().refusals).toMatchObject([
      {
        kind: 'conflict',
        mine: annotation('a'),
        theirs: { annotation: { categoryId: 3, version: 5 }, updatedAt: '2026-11-22T10:00:00Z' },
        followers: [{ mutation: { kind: 'update' } }],
      },
    ]);
    expect(outbox.getState().waiting).toBe(1);
  });

  it('is settled by mine in place of theirs, in one change on top of the version that was seen', async () => {
    const { outbox, server } = await conflict(update('a', 3), update('a', 3));
    await decide(outbox, { kind: 'mine' });
    await settled(outbox);
    expect(server.versions.get('a')).toBe(6);
    const last = server.received.at(-1);
    expect(last?.baseVersion).toBe(5);
    expect(last?.mutation).toMatchObject({ kind: 'update', changes: { categoryId: 7, mask: { area: 4 } } });
  });

  it('is settled by only my fields in theirs', async () => {
    const { outbox, server } = await conflict(update('a', 3));
    await decide(outbox, { kind: 'combine' });
    await settled(outbox);
    expect(server.received.at(-1)?.mutation).toMatchObject({ changes: { categoryId: 7 } });
    expect(server.received.at(-1)?.mutation).not.toHaveProperty('changes.mask');
  });

  it('is settled by theirs, and what is changed next is changed in theirs', async () => {
    const { outbox, server } = await conflict(update('a', 3), update('a', 3));
    await decide(outbox, { kind: 'theirs' });
    await settled(outbox);
    expect(server.versions.get('a')).toBe(5);
    await outbox.enqueue(at(1), update('a', 3));
    await settled(outbox);
    expect(outbox.getState().refusals).toEqual([]);
    expect(server.versions.get('a')).toBe(6);
  });

  it('is settled by both', async () => {
    const { outbox, server } = await conflict(update('a', 3), update('a', 3));
    await decide(outbox, { kind: 'both', id: 'mine' });
    await settled(outbox);
    expect(Object.fromEntries(server.versions)).toEqual({ a: 5, mine: 1 });
    expect(server.received.at(-1)?.mutation).toMatchObject({ annotation: { id: 'mine', categoryId: 7 } });
  });

  it('about a deletion deletes what is there now', async () => {
    const { outbox, server } = await conflict(remove('a', 3));
    expect(outbox.getState().refusals[0]?.mine).toBeNull();
    await decide(outbox, { kind: 'mine' });
    await settled(outbox);
    expect(server.versions.has('a')).toBe(false);
  });

  it('survives a reload', async () => {
    const server = new FakeServer();
    server.versions.set('a', 5);
    const name = freshName();
    const before = await tab(name, server.send);
    await before.enqueue(at(1), update('a', 3));
    await refused(before);
    before.close();
    const after = await tab(name, server.send);
    expect(after.getState().refusals).toMatchObject([{ theirs: { annotation: { version: 5 } } }]);
  });
});

describe('a change of what somebody else deleted', () => {
  async function orphan() {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), update('a', 3));
    await outbox.enqueue(at(1), update('a', 3));
    await refused(outbox);
    return { server, outbox };
  }

  it('is told as that, and can be stored anew', async () => {
    const { server, outbox } = await orphan();
    expect(outbox.getState().refusals[0]).toMatchObject({ kind: 'deleted', theirs: null });
    await decide(outbox, { kind: 'mine' });
    await settled(outbox);
    expect(server.received.at(-1)?.mutation).toMatchObject({
      kind: 'create',
      annotationId: 'a',
      annotation: { categoryId: 7, version: 0 },
    });
    expect(server.versions.get('a')).toBe(1);
  });

  it('can be given up', async () => {
    const { server, outbox } = await orphan();
    await decide(outbox, { kind: 'theirs' });
    await settled(outbox);
    expect(await outbox.ofImage(1)).toEqual([]);
    expect(server.versions.size).toBe(0);
  });
});

describe('a mask whose category is gone', () => {
  it('is stored with another one, its later changes included', async () => {
    const server = new FakeServer();
    const unknown = new ApiError(422, { code: 'unknown_category', detail: 'No such category.' });
    server.refuse = ({ mutation }) =>
      mutation.kind === 'create' && mutation.annotation.categoryId === null ? unknown : null;
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await refused(outbox);
    const { kind, mine } = outbox.getState().refusals[0] ?? {};
    expect(kind).toBe('category');
    await decide(outbox, { kind: 'mine', annotation: { ...(mine ?? annotation('a')), categoryId: 9 } });
    await settled(outbox);
    expect(server.received.at(-1)?.mutation).toMatchObject({ kind: 'create', annotation: { categoryId: 9 } });
  });
});

describe('a queue of version 1', () => {
  it('goes on: fields that are new have a value, and what was refused is judged anew', async () => {
    const name = freshName();
    const old = await openDB(name, 1, {
      upgrade(database) {
        const entries = database.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
        entries.createIndex('image', 'mutation.imageId');
        entries.createIndex('annotation', 'mutation.annotationId');
        database.createObjectStore('versions').createIndex('image', 'imageId');
      },
    });
    const { id, categoryId, mask, provenance, version } = annotation('a');
    const target = { imageId: 1, annotationId: 'a' };
    const created = { ...target, kind: 'create', annotation: { id, categoryId, mask, provenance, version } };
    await old.add('entries', { key: 'k1', mutation: created, baseVersion: null, rejection: null });
    const changed = { imageId: 1, annotationId: 'b', kind: 'update', changes: { categoryId: 7 } };
    const rejection = { status: 409, code: 'stale_version', reason: 'Stale.', currentVersion: 5 };
    await old.add('entries', { key: 'k2', mutation: changed, baseVersion: 3, rejection });
    old.close();

    const server = new FakeServer();
    server.versions.set('b', 5);
    const outbox = await tab(name, server.send);
    await refused(outbox);
    expect(server.received[0]).toMatchObject({
      key: 'k1',
      mutation: { projectId: null, annotation: { attributes: {}, parentId: null, layer: 0 } },
    });
    expect(outbox.getState().refusals).toMatchObject([
      { entry: { key: 'k2' }, mine: null, theirs: { annotation: { version: 5 } } },
    ]);
  });
});

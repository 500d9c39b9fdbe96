import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { NetworkError } from '../api/errors';
import { OutboxStore } from './store';
import {
  at,
  closeAll,
  create,
  decide,
  FakeServer,
  freshName,
  problem,
  remove,
  sent,
  settled,
  tab,
  update,
  webLock,
} from './testing/outboxes';
import type { Send } from './transport';

afterEach(closeAll);

describe('what was accepted reaches the server once', () => {
  it('removes an entry only after the server has confirmed it', async () => {
    const server = new FakeServer();
    let confirm: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (confirm = resolve));
    const outbox = await tab(freshName(), async (entry) => held.then(() => server.send(entry)));
    await outbox.enqueue(at(1), create('a'));
    expect(await outbox.ofImage(1)).toHaveLength(1);
    confirm();
    await settled(outbox);
    expect(await outbox.ofImage(1)).toHaveLength(0);
    expect(server.versions.get('a')).toBe(1);
  });

  it('replays the same key after a crash between sending and confirmation', async () => {
    const name = freshName();
    const server = new FakeServer();
    const crashing = await tab(name, async (entry) => {
      await server.send(entry);
      return new Promise<never>(() => undefined);
    });
    await crashing.enqueue(at(1), create('a'));
    await vi.waitFor(() => expect(server.received).toHaveLength(1));
    crashing.close();

    await settled(await tab(name, server.send));
    expect(server.received.map(({ key }) => key)).toEqual([server.received[0]?.key, server.received[0]?.key]);
    expect(server.versions.get('a')).toBe(1);
  });

  it('replays the same body when the answer to an update was lost', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    let losses = 1;
    server.loseAnswer = ({ mutation }) => mutation.kind === 'update' && losses-- > 0;
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(1), update('a'));
    await settled(outbox);
    const updates = server.received.filter(({ mutation }) => mutation.kind === 'update');
    expect(updates).toHaveLength(2);
    expect(updates[1]).toEqual(updates[0]);
    expect(server.versions.get('a')).toBe(2);
  });

  it('keeps everything while the server is away, and sends it when it is back', async () => {
    const server = new FakeServer();
    server.refuse = () => new NetworkError();
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(1), create('b'));
    await vi.waitFor(() => expect(outbox.getState().phase).toBe('offline'));
    expect(outbox.getState().waiting).toBe(2);
    server.refuse = () => null;
    outbox.retryNow();
    await settled(outbox);
    expect([...server.versions.keys()]).toEqual(['a', 'b']);
  });
});

describe('a backoff', () => {
  it.each([
    ['of the network', new NetworkError()],
    ['of one image', problem(503)],
  ])('%s that ends while the sender makes ready to sleep is not slept through', async (_, failure) => {
    const server = new FakeServer();
    let fail: () => void = () => undefined;
    const failing = new Promise<never>((_resolve, reject) => (fail = () => reject(failure)));
    const send = vi.fn(server.send).mockReturnValueOnce(failing);
    const outbox = await tab(freshName(), send);
    await outbox.enqueue(at(1), create('a'));
    await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
    let now = 0;
    // Every look at the clock costs more than half of the first backoff: it ends between two looks.
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 200));
    fail();
    await settled(outbox);
  });
});

describe('a change', () => {
  it('counts as waiting in the same instant in which it is accepted', async () => {
    const outbox = await tab(freshName(), () => new Promise(() => undefined));
    const stored = outbox.enqueue(at(1), create('a'));
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 1 });
    await stored;
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 0 });
  });

  it('that the disk refuses is kept in order, and stored once there is room', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    const full = new DOMException('The disk is full.', 'QuotaExceededError');
    const add = vi.spyOn(OutboxStore.prototype, 'add').mockRejectedValue(full);
    await expect(outbox.enqueue(at(1), create('a'))).rejects.toThrow('The disk is full.');
    await expect(outbox.enqueue(at(1), update('a'))).rejects.toThrow('The disk is full.');
    expect(outbox.getState()).toMatchObject({
      waiting: 2,
      unstored: 2,
      failure: { key: 'errors:unexpected', values: { reason: 'The disk is full.' } },
    });
    add.mockRestore();
    outbox.retryNow();
    await settled(outbox);
    expect(sent(server)).toEqual(['create a', 'update a']);
    expect(outbox.getState().failure).toBeNull();
  });
});

describe('order', () => {
  it('sends the mutations of an image in the order of acceptance', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    const all = [create('a'), create('b'), update('a'), remove('b'), create('b'), update('b')];
    await Promise.all(all.map((change) => outbox.enqueue(at(1), change)));
    await settled(outbox);
    expect(sent(server)).toEqual(['create a', 'create b', 'update a', 'delete b', 'create b', 'update b']);
    expect(Object.fromEntries(server.versions)).toEqual({ a: 2, b: 2 });
  });

  it('builds on the version acknowledged last, not on the one that the page had seen', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await settled(outbox);
    await outbox.enqueue(at(1), update('a', 1));
    await settled(outbox);
    await outbox.enqueue(at(1), update('a', 1));
    await settled(outbox);
    expect(outbox.getState().refusals).toEqual([]);
    expect(server.versions.get('a')).toBe(3);
  });

  it('lets other images pass while one meets a server error', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) => (mutation.imageId === 1 ? problem(500) : null);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(2), create('b'));
    await vi.waitFor(() => expect(server.versions.get('b')).toBe(1));
    await vi.waitFor(() => expect(outbox.getState()).toMatchObject({ waiting: 1, refusals: [] }));
  });
});

describe('a refusal', () => {
  it('parks the entry with the reason, holds back what builds on it, and lets the rest go on', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) =>
      mutation.annotationId === 'a' ? problem(422, 'Unknown category.') : null;
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(1), update('a'));
    await outbox.enqueue(at(1), create('b'));
    await vi.waitFor(() => expect(server.versions.has('b')).toBe(true));
    expect(sent(server)).toEqual(['create a', 'create b']);
    await vi.waitFor(() =>
      expect(outbox.getState().refusals).toMatchObject([
        { rejection: { status: 422, reason: 'Unknown category.' } },
      ]),
    );
    expect(await outbox.ofImage(1)).toHaveLength(2);
  });

  it('goes out again on retry, and what builds on it follows', async () => {
    const server = new FakeServer();
    server.refuse = () => problem(413);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(1), update('a'));
    await vi.waitFor(() => expect(outbox.getState().refusals).toHaveLength(1));
    server.refuse = () => null;
    await decide(outbox, { kind: 'retry' });
    await settled(outbox);
    expect(server.versions.get('a')).toBe(2);
  });

  it('is given up on discard, together with what was built on it', async () => {
    const server = new FakeServer();
    server.refuse = () => problem(422);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await outbox.enqueue(at(1), update('a'));
    await vi.waitFor(() => expect(outbox.getState().refusals).toHaveLength(1));
    await decide(outbox, { kind: 'theirs' });
    expect(await outbox.ofImage(1)).toEqual([]);
  });

  it('of a delete that somebody else was first with is none', async () => {
    const outbox = await tab(freshName(), () => Promise.resolve(null));
    await outbox.enqueue(at(1), remove('a', 3));
    await settled(outbox);
    expect(outbox.getState().refusals).toEqual([]);
  });

  it.each([408, 425, 429, 500, 503])('with status %i is not final', async (status) => {
    const server = new FakeServer();
    let refusals = 1;
    server.refuse = () => (refusals-- > 0 ? problem(status) : null);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await settled(outbox);
    expect(outbox.getState().refusals).toEqual([]);
    expect(server.received).toHaveLength(2);
  });
});

describe('a deleted project', () => {
  it('takes its changes along, and leaves those of others', async () => {
    const server = new FakeServer();
    server.refuse = () => new NetworkError();
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue({ imageId: 1, projectId: 1 }, create('a'));
    await outbox.enqueue({ imageId: 2, projectId: 1 }, create('b'));
    await outbox.enqueue({ imageId: 3, projectId: 2 }, create('c'));
    expect(await outbox.countOfProject(1)).toBe(2);
    await outbox.discardProject(1);
    server.refuse = () => null;
    outbox.retryNow();
    await settled(outbox);
    expect([...server.versions.keys()]).toEqual(['c']);
  });
});

describe('the changes of a deleted image', () => {
  it('are given up, refused ones and those not on disk included, and the rest goes on', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) => (mutation.imageId === 1 ? problem(404) : new NetworkError());
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(at(1), create('a'));
    await vi.waitFor(() => expect(outbox.getState().refusals).toHaveLength(1));
    await outbox.enqueue(at(2), create('b'));
    const full = new DOMException('The disk is full.', 'QuotaExceededError');
    const add = vi.spyOn(OutboxStore.prototype, 'add').mockRejectedValue(full);
    await expect(outbox.enqueue(at(1), create('c'))).rejects.toThrow('The disk is full.');
    add.mockRestore();
    await outbox.discardImage(1);
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 0, refusals: [] });
    server.refuse = () => null;
    outbox.retryNow();
    await settled(outbox);
    expect([...server.versions.keys()]).toEqual(['b']);
  });

  it('do not come back when the refusal of one that was on its way arrives', async () => {
    let refuse: () => void = () => undefined;
    const outbox = await tab(
      freshName(),
      () => new Promise((_, reject) => (refuse = () => reject(problem(404)))),
    );
    await outbox.enqueue(at(1), create('a'));
    await vi.waitFor(() => expect(outbox.getState().phase).toBe('sending'));
    await outbox.discardImage(1);
    refuse();
    await vi.waitFor(() => expect(outbox.getState().phase).toBe('idle'));
    expect(outbox.getState()).toMatchObject({ waiting: 0, refusals: [] });
  });
});

describe('two tabs', () => {
  it('share one queue and one sender', async () => {
    const name = freshName();
    const lock = webLock();
    const first = new FakeServer();
    const second = vi.fn<Send>();
    const one = await tab(name, first.send, lock);
    const two = await tab(name, second, lock);
    const heard: string[] = [];
    two.onAcknowledged(({ entry }) => heard.push(entry.mutation.annotationId));
    await two.enqueue(at(1), create('a'));
    await settled(one);
    await settled(two);
    expect(sent(first)).toEqual(['create a']);
    expect(second).not.toHaveBeenCalled();
    expect(heard).toEqual(['a']);
  });

  it('both know that the server is away, and either can ask for another try', async () => {
    const name = freshName();
    const lock = webLock();
    const server = new FakeServer();
    server.refuse = () => new NetworkError();
    const one = await tab(name, server.send, lock);
    const two = await tab(name, server.send, lock);
    await two.enqueue(at(1), create('a'));
    await vi.waitFor(() => expect(two.getState().phase).toBe('offline'));
    expect(two.getState().retryAt).toBe(one.getState().retryAt);
    expect(two.getState().retryAt).toBeGreaterThan(Date.now() - 10_000);
    server.refuse = () => null;
    two.retryNow();
    await settled(two);
    expect(sent(server).at(-1)).toBe('create a');
  });

  it('hand over the sending when the first one closes', async () => {
    const name = freshName();
    const lock = webLock();
    const server = new FakeServer();
    const one = await tab(name, () => Promise.reject(new NetworkError()), lock);
    await tab(name, server.send, lock);
    await one.enqueue(at(1), create('a'));
    one.close();
    await vi.waitFor(() => expect(sent(server)).toEqual(['create a']));
  });
});

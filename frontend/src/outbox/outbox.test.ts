import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { ApiError, NetworkError } from '../api/errors';
import type { Annotation, Change } from '../editor/model';
import type { Entry } from './entry';
import { Outbox } from './outbox';
import type { Exclusive } from './sender';
import { OutboxStore } from './store';
import type { Send } from './transport';

const annotation = (id: string): Annotation => ({
  id,
  categoryId: null,
  mask: { segmentation: { size: [4, 4], counts: '04' }, bbox: [0, 0, 1, 4], area: 4 },
  attributes: {},
  parentId: null,
  layer: 0,
  provenance: {
    source: 'model',
    encoder_digest: 'e'.repeat(64),
    decoder_digest: 'd'.repeat(64),
    prompts: [{ kind: 'point', x: 3.5, y: 2.5, label: 1, at_ms: 0 }],
    token: 1,
    predicted_iou: 0.9,
    stability: 0.95,
    threshold: 0,
    edits: [],
    seconds: 1.5,
  },
  version: 0,
});
const create = (id: string): Change => ({ kind: 'create', annotation: annotation(id) });
const update = (id: string, baseVersion = 0): Change => ({
  kind: 'update',
  id,
  changes: { categoryId: 7 },
  baseVersion,
});
const remove = (id: string, version = 0): Change => ({ kind: 'delete', id, version });

/** A server that keeps what it was sent: one row an annotation, one answer a key. */
class FakeServer {
  readonly received: Entry[] = [];
  readonly answers = new Map<string, number | null>();
  readonly versions = new Map<string, number>();
  /** What to throw for an entry, before (`refuse`) or after (`loseAnswer`) the row is written. */
  refuse: (entry: Entry) => Error | null = () => null;
  loseAnswer: (entry: Entry) => boolean = () => false;

  readonly send: Send = (entry) => {
    this.received.push(entry);
    const refusal = this.refuse(entry);
    if (refusal) return Promise.reject(refusal);
    if (!this.answers.has(entry.key)) this.answers.set(entry.key, this.write(entry));
    if (this.loseAnswer(entry)) return Promise.reject(new NetworkError());
    return Promise.resolve(this.answers.get(entry.key) ?? null);
  };

  private write({ mutation, baseVersion }: Entry): number | null {
    const { annotationId, kind } = mutation;
    const held = this.versions.get(annotationId) ?? 0;
    if (kind === 'create' ? held !== 0 : held !== baseVersion) {
      const current = { version: held } as never;
      throw new ApiError(409, { code: 'stale_version', detail: 'Somebody else changed it.', current });
    }
    if (kind === 'delete') this.versions.delete(annotationId);
    else this.versions.set(annotationId, held + 1);
    return kind === 'delete' ? null : held + 1;
  }
}

const problem = (status: number, detail = 'No.') => new ApiError(status, { code: 'refused', detail });

/** What Web Locks do, between outboxes of one process. */
function webLock(): Exclusive {
  let last = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(() => (signal.aborted ? undefined : work()));
    last = turn.catch(() => undefined);
    return turn;
  };
}

const open: Outbox[] = [];
let databases = 0;
const freshName = () => `outbox-${databases++}`;

async function tab(name: string, send: Send, exclusive: Exclusive = (work) => work()): Promise<Outbox> {
  const outbox = await Outbox.open({ name, send, exclusive, random: () => 0 });
  open.push(outbox);
  return outbox;
}

const settled = (outbox: Outbox) => vi.waitFor(() => expect(outbox.getState().waiting).toBe(0));
const sent = (server: FakeServer) => server.received.map(({ mutation: m }) => `${m.kind} ${m.annotationId}`);

afterEach(() => {
  for (const outbox of open.splice(0)) outbox.close();
});

describe('what was accepted reaches the server once', () => {
  it('removes an entry only after the server has confirmed it', async () => {
    const server = new FakeServer();
    let confirm: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (confirm = resolve));
    const outbox = await tab(freshName(), async (entry) => held.then(() => server.send(entry)));
    await outbox.enqueue(1, create('a'));
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
    await crashing.enqueue(1, create('a'));
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
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(1, update('a'));
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
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(1, create('b'));
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
    await outbox.enqueue(1, create('a'));
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
    const stored = outbox.enqueue(1, create('a'));
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 1 });
    await stored;
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 0 });
  });

  it('that the disk refuses is kept in order, and stored once there is room', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    const full = new DOMException('The disk is full.', 'QuotaExceededError');
    const add = vi.spyOn(OutboxStore.prototype, 'add').mockRejectedValue(full);
    await expect(outbox.enqueue(1, create('a'))).rejects.toThrow('The disk is full.');
    await expect(outbox.enqueue(1, update('a'))).rejects.toThrow('The disk is full.');
    expect(outbox.getState()).toMatchObject({ waiting: 2, unstored: 2, failure: 'The disk is full.' });
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
    await Promise.all(all.map((change) => outbox.enqueue(1, change)));
    await settled(outbox);
    expect(sent(server)).toEqual(['create a', 'create b', 'update a', 'delete b', 'create b', 'update b']);
    expect(Object.fromEntries(server.versions)).toEqual({ a: 2, b: 2 });
  });

  it('builds on the version acknowledged last, not on the one that the page had seen', async () => {
    const server = new FakeServer();
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await settled(outbox);
    await outbox.enqueue(1, update('a', 1));
    await settled(outbox);
    await outbox.enqueue(1, update('a', 1));
    await settled(outbox);
    expect(outbox.getState().rejected).toEqual([]);
    expect(server.versions.get('a')).toBe(3);
  });

  it('lets other images pass while one meets a server error', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) => (mutation.imageId === 1 ? problem(500) : null);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(2, create('b'));
    await vi.waitFor(() => expect(server.versions.get('b')).toBe(1));
    await vi.waitFor(() => expect(outbox.getState()).toMatchObject({ waiting: 1, rejected: [] }));
  });
});

describe('a refusal', () => {
  it('parks the entry with the reason, holds back what builds on it, and lets the rest go on', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) =>
      mutation.annotationId === 'a' ? problem(422, 'Unknown category.') : null;
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(1, update('a'));
    await outbox.enqueue(1, create('b'));
    await vi.waitFor(() => expect(server.versions.has('b')).toBe(true));
    expect(sent(server)).toEqual(['create a', 'create b']);
    await vi.waitFor(() =>
      expect(outbox.getState().rejected).toMatchObject([
        { rejection: { status: 422, reason: 'Unknown category.' } },
      ]),
    );
    expect(await outbox.ofImage(1)).toHaveLength(2);
  });

  it('goes out again on retry, and what builds on it follows', async () => {
    const server = new FakeServer();
    server.refuse = () => problem(413);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(1, update('a'));
    await vi.waitFor(() => expect(outbox.getState().rejected).toHaveLength(1));
    server.refuse = () => null;
    await outbox.retry(outbox.getState().rejected[0]?.seq ?? -1);
    await settled(outbox);
    expect(server.versions.get('a')).toBe(2);
  });

  it('is given up on discard, together with what was built on it', async () => {
    const server = new FakeServer();
    server.refuse = () => problem(422);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await outbox.enqueue(1, update('a'));
    await vi.waitFor(() => expect(outbox.getState().rejected).toHaveLength(1));
    await outbox.discard(outbox.getState().rejected[0]?.seq ?? -1);
    expect(await outbox.ofImage(1)).toEqual([]);
  });

  it('of a stale edit is sent on top of the server version when a person says so', async () => {
    const server = new FakeServer();
    server.versions.set('a', 5);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, update('a', 3));
    await vi.waitFor(() => expect(outbox.getState().rejected).toHaveLength(1));
    expect(outbox.getState().rejected[0]?.rejection?.code).toBe('stale_version');
    await outbox.retry(outbox.getState().rejected[0]?.seq ?? -1);
    await settled(outbox);
    expect(server.versions.get('a')).toBe(6);
  });

  it.each([408, 425, 429, 500, 503])('with status %i is not final', async (status) => {
    const server = new FakeServer();
    let refusals = 1;
    server.refuse = () => (refusals-- > 0 ? problem(status) : null);
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await settled(outbox);
    expect(outbox.getState().rejected).toEqual([]);
    expect(server.received).toHaveLength(2);
  });
});

describe('the changes of a deleted image', () => {
  it('are given up, refused ones and those not on disk included, and the rest goes on', async () => {
    const server = new FakeServer();
    server.refuse = ({ mutation }) => (mutation.imageId === 1 ? problem(404) : new NetworkError());
    const outbox = await tab(freshName(), server.send);
    await outbox.enqueue(1, create('a'));
    await vi.waitFor(() => expect(outbox.getState().rejected).toHaveLength(1));
    await outbox.enqueue(2, create('b'));
    const full = new DOMException('The disk is full.', 'QuotaExceededError');
    const add = vi.spyOn(OutboxStore.prototype, 'add').mockRejectedValue(full);
    await expect(outbox.enqueue(1, create('c'))).rejects.toThrow('The disk is full.');
    add.mockRestore();
    await outbox.discardImage(1);
    expect(outbox.getState()).toMatchObject({ waiting: 1, unstored: 0, rejected: [] });
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
    await outbox.enqueue(1, create('a'));
    await vi.waitFor(() => expect(outbox.getState().phase).toBe('sending'));
    await outbox.discardImage(1);
    refuse();
    await vi.waitFor(() => expect(outbox.getState().phase).toBe('idle'));
    expect(outbox.getState()).toMatchObject({ waiting: 0, rejected: [] });
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
    await two.enqueue(1, create('a'));
    await settled(one);
    await settled(two);
    expect(sent(first)).toEqual(['create a']);
    expect(second).not.toHaveBeenCalled();
    expect(heard).toEqual(['a']);
  });

  it('hand over the sending when the first one closes', async () => {
    const name = freshName();
    const lock = webLock();
    const server = new FakeServer();
    const one = await tab(name, () => Promise.reject(new NetworkError()), lock);
    await tab(name, server.send, lock);
    await one.enqueue(1, create('a'));
    one.close();
    await vi.waitFor(() => expect(sent(server)).toEqual(['create a']));
  });
});

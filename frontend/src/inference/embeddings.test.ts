import { describe, expect, it } from 'vitest';
import { EmbeddingStore } from './embeddings';
import { settle } from './testing/fakeWorker';

const SIZE = 256 * 64 * 64 * 2;

interface Asked {
  readonly url: string;
  readonly signal: AbortSignal;
  readonly begin: () => void;
  readonly send: (bytes?: number) => Promise<void>;
}

/** A server whose answers the test starts and completes by hand. */
class FakeServer {
  readonly asked: Asked[] = [];

  readonly fetch = (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? new AbortController().signal;
    return new Promise((resolve, reject) => {
      let body: ReadableStreamDefaultController<Uint8Array> | undefined;
      const begin = () => {
        const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) });
        resolve(new Response(stream));
      };
      const send = async (bytes = SIZE) => {
        if (!body) begin();
        body?.enqueue(new Uint8Array(bytes));
        body?.close();
        await settle();
      };
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      this.asked.push({ url: input as string, signal, begin, send });
    });
  };

  get urls(): string[] {
    return this.asked.map(({ url }) => url);
  }

  at(index: number): Asked {
    const asked = this.asked[index];
    if (!asked) throw new Error(`Only ${this.asked.length} requests were made.`);
    return asked;
  }
}

function setUp(capacity = 8) {
  const server = new FakeServer();
  return { server, store: new EmbeddingStore({ capacity, fetch: server.fetch }) };
}

describe('embeddings in the worker', () => {
  it('fetches the open image at once and keeps it', async () => {
    const { server, store } = setUp();
    const first = store.open('/a');
    expect(server.urls).toEqual(['/a?urgency=now']);
    await server.at(0).send();
    expect((await first).length).toBe(SIZE / 2);
    expect(await store.open('/a')).toBe(await first);
    expect(server.asked).toHaveLength(1);
  });

  it('fetches ahead one at a time, in order', async () => {
    const { server, store } = setUp();
    store.prefetch(['/a', '/b']);
    expect(server.urls).toEqual(['/a?urgency=ahead']);
    await server.at(0).send();
    expect(server.urls).toEqual(['/a?urgency=ahead', '/b?urgency=ahead']);
    await server.at(1).send();
    expect([store.has('/a'), store.has('/b')]).toEqual([true, true]);
  });

  it('goes on with the next one when fetching ahead fails', async () => {
    const { server, store } = setUp();
    store.prefetch(['/broken', '/b']);
    await server.at(0).send(10);
    await server.at(1).send();
    expect([store.has('/broken'), store.has('/b')]).toEqual([false, true]);
  });

  it('aborts what nobody wants any more', async () => {
    const { server, store } = setUp();
    store.prefetch(['/a', '/b']);
    const left = store.open('/c').catch((error: unknown) => error);
    void store.open('/d');
    store.prefetch(['/b']);
    await settle();
    expect(await left).toMatchObject({ name: 'AbortError' });
    const alive = server.asked.filter(({ signal }) => !signal.aborted).map(({ url }) => url);
    expect(alive).toEqual(['/d?urgency=now', '/b?urgency=ahead']);
  });

  it('asks again urgently for an image that still waits in the slow queue', async () => {
    const { server, store } = setUp();
    store.prefetch(['/a']);
    const opened = store.open('/a');
    expect(server.urls).toEqual(['/a?urgency=ahead', '/a?urgency=now']);
    expect(server.at(0).signal.aborted).toBe(true);
    await server.at(1).send();
    expect((await opened).length).toBe(SIZE / 2);
  });

  it('joins a load ahead that the server has begun to answer', async () => {
    const { server, store } = setUp();
    store.prefetch(['/a']);
    server.at(0).begin();
    await settle();
    const opened = store.open('/a');
    await server.at(0).send();
    expect((await opened).length).toBe(SIZE / 2);
    expect(server.asked).toHaveLength(1);
  });

  it('forgets the one that was used longest ago', async () => {
    const { server, store } = setUp(2);
    for (const [i, url] of ['/a', '/b'].entries()) {
      const opened = store.open(url);
      await server.at(i).send();
      await opened;
    }
    await store.open('/a');
    const third = store.open('/c');
    await server.at(2).send();
    await third;
    expect(['/a', '/b', '/c'].map((url) => store.has(url))).toEqual([true, false, true]);
  });

  it('refuses an answer of the wrong size', async () => {
    const { server, store } = setUp();
    const opened = store.open('/a');
    const refusal = expect(opened).rejects.toMatchObject({
      said: { values: { bytes: 10, expected: 2097152 } },
    });
    await server.at(0).send(10);
    await refusal;
    expect(store.has('/a')).toBe(false);
  });
});

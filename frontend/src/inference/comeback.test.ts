import { beforeEach, describe, expect, it } from 'vitest';

import { InferenceClient } from './client';
import { FakeWorker, settle } from './testing/fakeWorker';
import type { DecoderSource, ModelInfo } from './types';

const LOCAL: ModelInfo = { backend: 'wasm', threads: 1, loadMs: 900 };
const REMOTE: ModelInfo = { backend: 'server', threads: 0, loadMs: 0 };
const OPENED = { ms: 20, cached: false };
const IMAGE = { imageId: 3, embeddingUrl: '/e/3', imageSize: { width: 640, height: 480 } };
const source = (digest: string): DecoderSource => ({
  decoder: { imageUrl: `/d/${digest}/image.onnx`, clickUrl: `/d/${digest}/click.onnx` },
  inputSide: 1024,
});

describe('a browser whose worker does not run the model', () => {
  let locals: FakeWorker[];
  let server: FakeWorker;
  let client: InferenceClient;
  const local = (index: number): FakeWorker => locals[index] ?? expect.unreachable();
  /** Answers whatever the server is asked to make ready. */
  async function serve(): Promise<void> {
    await server.answer('load', REMOTE);
    await server.answer('open', OPENED);
  }
  async function fails(index: number): Promise<void> {
    await local(index).crash();
    await settle();
  }

  beforeEach(() => {
    locals = [];
    server = new FakeWorker();
    client = new InferenceClient({
      spawn: () => {
        locals.push(new FakeWorker());
        return local(locals.length - 1);
      },
      remote: () => server,
      rivals: () => Promise.reject(new Error('The server has no rival.')),
      quietMs: 0,
      comebackMs: 0,
    });
    client.preload(source('d1'));
    client.openImage(IMAGE);
  });

  it.each([
    ['does not start', (first: FakeWorker) => first.crash()],
    ['says that it cannot', (first: FakeWorker) => first.refuse('load', 'no WebAssembly', 'unable')],
  ])('has the server decode where it %s', async (_, fail) => {
    await fail(local(0));
    await serve();
    expect(local(0).isTerminated).toBe(true);
    expect(client.getStatus()).toMatchObject({ phase: 'ready', imageId: 3, model: REMOTE });
    const prompts = [{ kind: 'point', x: 1, y: 1, label: 1 }] as const;
    void client.decode({ prompts, imageSize: IMAGE.imageSize, prior: null }, 'click');
    expect(server.open('decode')).toHaveLength(1);
  });

  it('gets back to its own decoder when the script loads after all, image included', async () => {
    await fails(0);
    await serve();
    await fails(1);
    await local(2).answer('load', LOCAL);
    expect(client.getStatus().model).toEqual(REMOTE);
    await local(2).answer('open', OPENED);
    expect(client.getStatus()).toMatchObject({ phase: 'ready', model: LOCAL });
    expect(server.isTerminated).toBe(true);
  });

  it('tries with the model that is wanted by then', async () => {
    await fails(0);
    await serve();
    client.preload(source('d2'));
    await serve().catch(() => undefined); // The image stays open.
    await settle();
    expect(locals.at(-1)?.open('load')).toMatchObject([{ args: source('d2') }]);
    expect(locals.slice(0, -1).every(({ isTerminated }) => isTerminated)).toBe(true);
  });

  it('stays with the server for good where it cannot run the model', async () => {
    await local(0).refuse('load', 'no WebAssembly', 'unable');
    await serve();
    await settle();
    expect(locals).toHaveLength(1);
  });

  it('stays with the server where its worker starts and then cannot run the model', async () => {
    await fails(0);
    await serve();
    await local(1).refuse('load', 'no WebAssembly', 'unable');
    await settle();
    expect(locals).toHaveLength(2);
    expect(client.getStatus()).toMatchObject({ phase: 'ready', model: REMOTE });
  });

  it('gives up after some tries', async () => {
    await fails(0);
    await serve();
    for (let index = 1; index < locals.length; index += 1) await fails(index);
    expect(locals).toHaveLength(8);
  });
});

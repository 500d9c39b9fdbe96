import { beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, DecodeRequest } from '../geometry/decoding';
import { InferenceClient, type InferenceClientOptions } from './client';
import { ROUNDS, threadsToTry } from './contest';
import { FakeWorker, settle } from './testing/fakeWorker';
import type { DecoderSource, ModelInfo } from './types';

const SIZE = { width: 640, height: 480 };
const MODEL: ModelInfo = { backend: 'wasm', threads: 1, loadMs: 900 };
const OPENED = { ms: 20, cached: false };
const source = (digest: string): DecoderSource => ({
  decoder: { imageUrl: `/d/${digest}/image.onnx`, clickUrl: `/d/${digest}/click.onnx` },
  inputSide: 1024,
});
const DECODER = source('d1');
const image = (imageId: number) => ({ imageId, embeddingUrl: `/e/${imageId}`, imageSize: SIZE });
const at = (x: number): DecodeRequest => ({
  prompts: [{ kind: 'point', x, y: 1, label: 1 }],
  imageSize: SIZE,
  prior: null,
});
const candidate = (predictedIou: number): Candidate => ({
  token: 0,
  logits: new Float32Array(1),
  inputSide: 1024,
  crop: [0, 0, SIZE.width, SIZE.height],
  predictedIou,
  stability: 1,
  gridArea: 1,
});

describe('the inference client', () => {
  let workers: FakeWorker[];
  let client: InferenceClient;
  const worker = (index = workers.length - 1): FakeWorker => workers[index] ?? expect.unreachable();

  function start(options: InferenceClientOptions = {}): void {
    workers = [];
    const spawn = () => {
      workers.push(new FakeWorker());
      return worker();
    };
    client = new InferenceClient({ spawn, rivals: () => Promise.resolve([]), ...options });
  }

  async function load(model = MODEL): Promise<void> {
    client.preload(DECODER);
    await worker().answer('load', model);
    await settle();
  }

  async function open(imageId: number): Promise<void> {
    client.openImage(image(imageId));
    await worker().answer('open', OPENED);
  }

  const answer = (predictedIou: number) =>
    worker(0).answer('decode', { candidates: [candidate(predictedIou)], ms: 50, ranOn: MODEL });

  beforeEach(() => start());

  it('goes from loading to ready to decoding and back', async () => {
    const phases: string[] = [];
    client.subscribe(() => phases.push(client.getStatus().phase));
    await load();
    await open(7);
    const decoded = client.decode(at(1), 'click');
    await answer(0.9);
    await decoded;
    expect(phases).toEqual(['loading-model', 'idle', 'loading-embedding', 'ready', 'decoding', 'ready']);
    expect(client.getStatus()).toMatchObject({
      imageId: 7,
      model: MODEL,
      embedding: OPENED,
      lastDecodeMs: 50,
    });
  });

  it('loads the same decoder once', async () => {
    await load();
    client.preload(source('d1'));
    expect(worker().open('load')).toHaveLength(0);
  });

  it('lets clicks wait for another decoder: no mask comes from the one before', async () => {
    await load();
    await open(1);
    client.preload(source('d2'));
    const clicked = client.decode(at(1), 'click');
    await settle();
    expect(client.getStatus().phase).toBe('loading-model');
    expect(worker().open('decode')).toHaveLength(0);
    await worker().answer('load', MODEL);
    await answer(0.7);
    expect((await clicked)?.[0]?.predictedIou).toBe(0.7);
  });

  it('goes on with the newest decoder when an older one comes late', async () => {
    client.preload(DECODER);
    client.preload(source('d2'));
    await worker().refuse('load', 'superseded', 'aborted');
    expect(client.getStatus().phase).toBe('loading-model');
    await worker().answer('load', MODEL);
    expect(client.getStatus().phase).toBe('idle');
  });

  it('says what the model runs on once a GPU has failed', async () => {
    await load({ ...MODEL, backend: 'webgpu' });
    await open(1);
    const clicked = client.decode(at(1), 'click');
    await answer(0.9);
    await clicked;
    expect(client.getStatus().model).toEqual(MODEL);
  });

  it('answers a click that came before model and embedding', async () => {
    client.preload(DECODER);
    client.openImage(image(1));
    const clicked = client.decode(at(1), 'click');
    await worker().answer('open', OPENED);
    expect(worker().open('decode')).toHaveLength(0);
    await worker().answer('load', MODEL);
    await answer(0.8);
    expect((await clicked)?.[0]?.predictedIou).toBe(0.8);
  });

  it('sends only the newest preview to the worker', async () => {
    await load();
    await open(1);
    const previews = [1, 2, 3].map((x) => client.decode(at(x), 'preview'));
    expect(await previews[1]).toBeNull();
    await answer(0.1);
    await answer(0.3);
    expect((await previews[2])?.[0]?.predictedIou).toBe(0.3);
    expect(worker().requests.filter(({ name }) => name === 'decode')).toHaveLength(2);
  });

  it("ends the last image's requests when another is opened", async () => {
    client.openImage(image(1));
    const click = client.decode(at(1), 'click');
    const aborted = expect(click).rejects.toMatchObject({ name: 'AbortError' });
    const preview = client.decode(at(2), 'preview');
    client.openImage(image(2));
    await aborted;
    expect(await preview).toBeNull();
  });

  it('does not take an embedding that comes late for the open image', async () => {
    await load();
    client.openImage(image(1));
    client.openImage(image(2));
    await worker().answer('open', OPENED);
    expect(client.getStatus()).toMatchObject({ phase: 'loading-embedding', imageId: 2 });
    await worker().answer('open', OPENED);
    expect(client.getStatus().phase).toBe('ready');
  });

  it('reports a failed embedding, rejects waiting clicks with its reason, and can try again', async () => {
    await load();
    client.openImage(image(1));
    const click = client.decode(at(1), 'click');
    const rejected = expect(click).rejects.toThrow('truncated');
    const ready = expect(client.whenReady()).rejects.toThrow('truncated');
    await worker().refuse('open', 'The image is truncated.');
    await Promise.all([rejected, ready]);
    await expect(client.decode(at(2), 'preview')).rejects.toThrow('truncated');
    expect(client.getStatus()).toMatchObject({
      phase: 'error',
      error: { values: { detail: 'The image is truncated.' } },
    });
    client.retry();
    await worker().answer('open', OPENED);
    expect(client.getStatus()).toMatchObject({ phase: 'ready', error: null });
  });

  it('keeps the reason of a failed embedding when the model gets ready after it', async () => {
    client.preload(DECODER);
    client.openImage(image(1));
    await worker().refuse('open', 'The image is truncated.');
    await worker().answer('load', MODEL);
    expect(client.getStatus()).toMatchObject({
      phase: 'error',
      error: { values: { detail: 'The image is truncated.' } },
    });
  });

  it('keeps the reason of a failed model when another image is opened', async () => {
    client.preload(DECODER);
    await worker().refuse('load', 'The decoder is missing.');
    client.openImage(image(1));
    await worker().answer('open', OPENED);
    expect(client.getStatus()).toMatchObject({
      phase: 'error',
      error: { values: { detail: 'The decoder is missing.' } },
    });
  });

  it('reports a dead worker and starts another on retry, image included', async () => {
    await load();
    await open(1);
    const click = client.decode(at(1), 'click');
    const rejected = expect(click).rejects.toThrow('out of memory');
    await worker().crash('out of memory');
    await rejected;
    expect(client.getStatus().phase).toBe('error');
    client.retry();
    await worker(1).answer('load', MODEL);
    await worker(1).answer('open', OPENED);
    expect(client.getStatus().phase).toBe('ready');
  });

  it('leaves a failed decode to its caller and stays ready', async () => {
    await load();
    await open(1);
    const click = client.decode(at(1), 'click');
    const rejected = expect(click).rejects.toThrow('bad shape');
    await worker().refuse('decode', 'bad shape');
    await rejected;
    expect(client.getStatus().phase).toBe('ready');
  });

  it('shows how far the download is while something loads', async () => {
    client.preload(DECODER);
    await worker().say({ progress: { of: 'model', fraction: 0.4 } });
    expect(client.getStatus().progress).toBe(0.4);
    await worker().answer('load', MODEL);
    expect(client.getStatus().progress).toBeNull();
  });

  describe('where a person looks closely', () => {
    const CROP = [320, 240, 160, 160] as const;
    const inCrop = { ...at(400), prompts: [{ kind: 'point', x: 400, y: 300, label: 1 }] } as const;
    const decodes = () => worker().requests.flatMap(({ name, args }) => (name === 'decode' ? [args] : []));

    beforeEach(async () => {
      await load();
      await open(1);
    });

    it('decodes in the whole image until the crop is there, then in the crop', async () => {
      client.focus(CROP);
      expect(client.getStatus().focus).toEqual({ crop: CROP, state: 'loading' });
      expect(worker().open('focus')).toMatchObject([{ args: { embeddingUrl: '/e/1?crop=320,240,160,160' } }]);
      void client.decode(inCrop, 'click');
      await answer(0.5);
      await worker().answer('focus', null);
      expect(client.getStatus()).toMatchObject({ phase: 'ready', focus: { crop: CROP, state: 'ready' } });
      void client.decode(inCrop, 'click');
      expect(decodes()).toMatchObject([
        { crop: [0, 0, SIZE.width, SIZE.height], embeddingUrl: '/e/1' },
        { crop: CROP, embeddingUrl: '/e/1?crop=320,240,160,160' },
      ]);
    });

    it('decides where to decode when a request has its turn', async () => {
      void client.decode(inCrop, 'click');
      void client.decode(inCrop, 'click');
      client.focus(CROP);
      await worker().answer('focus', null);
      await answer(0.5);
      expect(decodes().map(({ crop }) => crop)).toEqual([[0, 0, SIZE.width, SIZE.height], CROP]);
    });

    it('asks once for the same crop, and for the whole image when nothing is looked at closely', async () => {
      client.focus(CROP);
      client.focus([...CROP]);
      expect(worker().open('focus')).toHaveLength(1);
      await worker().answer('focus', null);
      client.focus(null);
      expect(client.getStatus().focus).toBeNull();
      expect(worker().open('focus')).toMatchObject([{ args: { embeddingUrl: null } }]);
      void client.decode(inCrop, 'click');
      expect(decodes()).toMatchObject([{ embeddingUrl: '/e/1' }]);
    });

    it('does not take a crop for ready that another overtook', async () => {
      client.focus(CROP);
      client.focus([0, 0, 160, 160]);
      await worker().refuse('focus', 'overtaken', 'aborted');
      expect(client.getStatus().focus).toEqual({ crop: [0, 0, 160, 160], state: 'loading' });
    });

    it('goes on in the whole image when a crop fails, and tries again when asked again', async () => {
      client.focus(CROP);
      await worker().refuse('focus', 'The image is truncated.');
      expect(client.getStatus()).toMatchObject({ phase: 'ready', focus: { state: 'failed' } });
      void client.decode(inCrop, 'click');
      expect(decodes()).toMatchObject([{ embeddingUrl: '/e/1' }]);
      client.focus(CROP);
      expect(client.getStatus().focus?.state).toBe('loading');
    });

    it('forgets the crop with its image', async () => {
      client.focus(CROP);
      await worker().answer('focus', null);
      await open(2);
      expect(client.getStatus().focus).toBeNull();
      void client.decode(inCrop, 'click');
      expect(decodes()).toMatchObject([{ embeddingUrl: '/e/2' }]);
    });

    it('asks a new worker for the crop, too', async () => {
      client.focus(CROP);
      await worker().answer('focus', null);
      await worker().crash('out of memory');
      client.retry();
      await worker(1).answer('load', MODEL);
      await worker(1).answer('open', OPENED);
      expect(client.getStatus().focus?.state).toBe('loading');
      await worker(1).answer('focus', null);
      expect(client.getStatus().focus?.state).toBe('ready');
    });
  });

  it('refuses to decode without an image', async () => {
    await expect(client.decode(at(1), 'click')).rejects.toThrow('No image is open');
  });

  describe('in quiet moments', () => {
    const threaded: ModelInfo = { ...MODEL, threads: 4 };
    const ANSWER = { predictedIous: [0.5, 0.6, 0.7, 0.8], logits: [-9, 4, 0.1] };

    beforeEach(async () => {
      start({ quietMs: 0, rivals: () => Promise.resolve([{ backend: 'wasm', threads: 4 }]) });
      await load();
    });

    async function finishContest(rivalMs: number, incumbentMs: number, rivalAnswer = ANSWER): Promise<void> {
      await worker(1).answer('load', threaded);
      for (let round = 0; round < ROUNDS; round += 1) {
        const busy = round === 1 ? 1000 : 0;
        await worker(1).answer('benchmark', { ms: rivalMs + busy, ...rivalAnswer });
        await worker(0).answer('benchmark', { ms: incumbentMs, ...ANSWER });
      }
    }

    it('moves to a faster rival, prefetches included', async () => {
      client.prefetch(['/e/2']);
      await finishContest(80, 120);
      expect(client.getStatus().model).toMatchObject({ threads: 4 });
      expect(worker(1).open('prefetch')).toHaveLength(1);
      await worker(0).answer('prefetch', null);
      expect(worker(0).isTerminated).toBe(true);
    });

    it('stays when the rival is slower, and does not ask again', async () => {
      await finishContest(120, 80);
      expect(client.getStatus().model?.threads).toBe(1);
      expect(worker(1).isTerminated).toBe(true);
      client.openImage(image(1));
      await worker(0).answer('open', OPENED);
      void client.decode(at(1), 'click');
      await answer(0.9);
      await settle();
      expect(workers).toHaveLength(2);
    });

    it.each([
      ['no number', { predictedIous: [0.5, 0.6, 0.7, NaN] }],
      ['other masks', { logits: [-9, 4, 0.4] }],
    ])('stays when the rival computes %s', async (_, wrong) => {
      await finishContest(10, 80, { ...ANSWER, ...wrong });
      expect(client.getStatus().model?.threads).toBe(1);
      expect(worker(1).isTerminated).toBe(true);
    });

    it('brings the open image along', async () => {
      client.openImage(image(1));
      await worker(0).answer('open', OPENED);
      await finishContest(80, 120);
      expect(client.getStatus().model?.threads).toBe(1);
      await worker(1).answer('open', OPENED);
      expect(client.getStatus().model?.threads).toBe(4);
      void client.decode(at(1), 'click');
      expect(worker(1).open('decode')).toHaveLength(1);
      expect(worker(1).isTerminated).toBe(false);
    });

    it('ends the rival as soon as a person wants a mask, and tries again in the next quiet moment', async () => {
      client.openImage(image(1));
      await worker(0).answer('open', OPENED);
      void client.decode(at(1), 'preview');
      expect(worker(1).isTerminated).toBe(true);
      await answer(0.9);
      await settle();
      expect(worker(2).open('load')).toHaveLength(1);
    });

    it('leaves the machine to another decoder that loads', async () => {
      client.openImage(image(1));
      await worker(0).answer('open', OPENED);
      void client.decode(at(1), 'preview');
      const before = workers.length;
      client.preload(source('d2'));
      await answer(0.9);
      await settle();
      expect(workers).toHaveLength(before);
      await worker(0).answer('load', MODEL);
      await settle();
      expect(worker().open('load')).toMatchObject([{ args: source('d2') }]);
    });

    it('is not disturbed by a rival that dies', async () => {
      await worker(1).crash('no memory for two');
      expect(client.getStatus()).toMatchObject({ phase: 'idle', model: MODEL });
    });

    it.each([
      [1, []],
      [2, [2]],
      [3, [2, 3]],
      [16, [2, 4]],
    ])('tries on %d cores %j threads', (cores, threads) => {
      expect(threadsToTry(cores)).toEqual(threads);
    });
  });
});

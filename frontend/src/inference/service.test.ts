import { beforeEach, describe, expect, it } from 'vitest';
import type { CropRequest } from '../geometry/decoding';
import type { LoadArgs } from './protocol';
import { InferenceService } from './service';
import { FakeRuntime } from './testing/fakeRuntime';
import { settle } from './testing/fakeWorker';

const SIZE = { width: 640, height: 480 };
/** The bits of 1, 2 and 3 as half floats. */
const HALVES: Record<string, number> = { 1: 0x3c00, 2: 0x4000, 3: 0x4200 };
const request: CropRequest = {
  prompts: [{ kind: 'point', x: 320, y: 240, label: 1 }],
  imageSize: SIZE,
  crop: [0, 0, 640, 480],
  prior: null,
};

describe('the service in the worker', () => {
  let runtime: FakeRuntime;
  let service: InferenceService;
  let missing: string[];
  let progress: (number | null)[];

  beforeEach(() => {
    runtime = new FakeRuntime();
    missing = [];
    progress = [];
    service = new InferenceService({
      start: runtime.start,
      fetch: (url) => Promise.resolve(answer(url as string)),
      report: ({ of, fraction }) => {
        if (of === 'model') progress.push(fraction);
      },
    });
  });

  /** `/e/1?...` is the embedding of image 1, `/d/1/image.onnx` a file of decoder 1. */
  function answer(url: string): Response {
    if (missing.some((part) => url.includes(part))) return new Response(null, { status: 404 });
    const [, kind, id = ''] = url.split(/[/?]/);
    const body =
      kind === 'e'
        ? new Uint16Array(256 * 64 * 64).fill(HALVES[id] ?? 0)
        : Uint8Array.of(Number(id), 0, 0, 0);
    return new Response(body, { headers: { 'Content-Length': String(body.byteLength) } });
  }

  const load = (id: number, settings: Partial<LoadArgs> = {}) =>
    service.handlers.load({
      decoder: { imageUrl: `/d/${id}/image.onnx`, clickUrl: `/d/${id}/click.onnx` },
      inputSide: 1024,
      backend: 'wasm',
      threads: 2,
      ...settings,
    });
  const open = (id: number) => service.handlers.open({ embeddingUrl: `/e/${id}` });
  const decode = (id: number, parts: Partial<CropRequest> = {}) =>
    service.handlers.decode({ ...request, ...parts, embeddingUrl: `/e/${id}` });
  const aborted = (promise: Promise<unknown>) =>
    expect(promise).rejects.toMatchObject({ name: 'AbortError' });

  const focus = (crop: number | null, ...kept: number[]) =>
    service.handlers.focus({
      embeddingUrl: crop === null ? null : `/e/${crop}`,
      kept: kept.map((id) => `/e/${id}`),
    });

  it('decodes in a crop of the open image as well as in the image', async () => {
    await load(1);
    await open(1);
    await aborted(decode(2));
    await focus(2);
    await decode(2, { crop: [320, 240, 64, 64] });
    await decode(1);
    expect(runtime.work.slice(1)).toEqual([
      ...['see 1', 'forget 1', 'see 2', 'click on 2'],
      ...['forget 2', 'see 1', 'click on 1'],
    ]);
    expect([...(runtime.clicks[1]?.points.coords ?? [])]).toEqual([0, 0, 0, 0]);
  });

  it('looks at the whole image again when nothing is in focus, and holds the crops that it is told to', async () => {
    await load(1);
    await open(1);
    await focus(2);
    await focus(3, 2);
    await decode(2);
    await focus(null, 3);
    expect(runtime.work.at(-1)).toBe('see 1');
    await decode(3);
    await aborted(decode(2));
  });

  it('leaves its crops with the image', async () => {
    await load(1);
    await open(1);
    await focus(2);
    await open(3);
    await aborted(decode(2));
  });

  it('passes over a crop that another overtakes', async () => {
    await load(1);
    await open(1);
    await Promise.all([aborted(focus(2)), focus(3)]);
    expect(runtime.work.slice(1)).toEqual(['see 1', 'forget 1', 'see 3']);
  });

  it('shows another decoder the crop in focus before it is ready', async () => {
    await load(1);
    await open(1);
    await focus(2);
    await load(2);
    expect(runtime.work.slice(-2)).toEqual(['start d2 on wasm', 'see 2']);
  });

  it('brings a mask prompt of the whole image into the crop', async () => {
    await load(1);
    await open(1);
    await focus(2);
    const logits = new Float32Array(256 * 256).fill(-3).fill(7, 0, 128 * 256);
    await decode(2, { crop: [0, 120, 160, 160], prior: { logits, inputSide: 1024, crop: [0, 0, 640, 480] } });
    const prior = runtime.clicks[1]?.prior;
    expect([prior?.[0], prior?.at(-1)]).toEqual([7, 7]);
    await decode(2, { crop: [0, 330, 150, 150], prior: { logits, inputSide: 1024, crop: [0, 0, 640, 480] } });
    expect([runtime.clicks[2]?.prior?.[0], runtime.clicks[2]?.prior?.at(-1)]).toEqual([-3, -3]);
  });

  it('runs the image part when an image is opened, and only the click part for each click', async () => {
    await load(1);
    await open(1);
    await decode(1);
    await decode(1);
    expect(runtime.work).toEqual(['start d1 on wasm', 'see 1', 'click on 1', 'click on 1']);
  });

  it('is not ready before the model has seen an image that was open first', async () => {
    await open(1);
    const seen = runtime.pause('see 1');
    let isLoaded = false;
    const loaded = load(1).then(() => (isLoaded = true));
    await expect.poll(() => runtime.work).toContain('see 1');
    expect(isLoaded).toBe(false);
    seen();
    await loaded;
    await decode(1);
    expect(runtime.work).toEqual(['start d1 on wasm', 'see 1', 'click on 1']);
  });

  it('keeps what one image needs, not more', async () => {
    await load(1);
    await open(1);
    await open(2);
    await open(1);
    expect(runtime.work.slice(1)).toEqual(['see 1', 'forget 1', 'see 2', 'forget 2', 'see 1']);
  });

  it('does not look again at an image that is opened again', async () => {
    await load(1);
    await open(1);
    await open(1);
    expect(runtime.work).toEqual(['start d1 on wasm', 'see 1']);
  });

  it('passes over an image that another overtakes while the image part runs', async () => {
    await load(1);
    const seen = runtime.pause('see 1');
    const first = aborted(open(1));
    await expect.poll(() => runtime.work).toContain('see 1');
    const second = aborted(open(2));
    const third = open(3);
    await settle();
    seen();
    await Promise.all([first, second, third]);
    expect(runtime.work.slice(1)).toEqual(['see 1', 'forget 1', 'see 3']);
    await decode(3);
    await aborted(decode(1));
  });

  it('computes the masks that are asked for, by default all four, in the frame of the model', async () => {
    await load(1, { inputSide: 256 });
    await open(1);
    const all = await decode(1);
    const some = await decode(1, { tokens: [0, 3] });
    expect(all.candidates.map(({ token }) => token)).toEqual([0, 1, 2, 3]);
    expect(some.candidates.map(({ token, inputSide }) => [token, inputSide])).toEqual([
      [0, 256],
      [3, 256],
    ]);
    const [, first, second] = runtime.clicks;
    expect(first?.tokens).toEqual([0, 1, 2, 3]);
    expect(second?.tokens).toEqual([0, 3]);
    expect([...(second?.points.coords ?? [])]).toEqual([128, 96, 0, 0]);
  });

  describe('with another decoder', () => {
    beforeEach(async () => {
      await load(1);
      await open(1);
      runtime.log.length = 0;
    });

    it('lets the old one go, and shows the open image to the new one before it is ready', async () => {
      await load(2);
      expect(runtime.work).toEqual(['forget 1', 'release d1', 'start d2 on wasm', 'see 1']);
      await decode(1);
      expect(runtime.work.at(-1)).toBe('click on 1');
    });

    it('shows it the image that is open by then', async () => {
      const seen = runtime.pause('see 1');
      const loaded = load(2);
      await expect.poll(() => runtime.work).toContain('see 1');
      const opened = open(2);
      await settle();
      seen();
      await Promise.all([loaded, opened]);
      expect(runtime.work.slice(-3)).toEqual(['see 1', 'forget 1', 'see 2']);
    });

    it('ends an older request for a decoder, wherever it stands', async () => {
      const started = runtime.pause('start d2 on wasm');
      const second = aborted(load(2));
      await expect.poll(() => runtime.work).toContain('start d2 on wasm');
      const third = load(3);
      started();
      await Promise.all([second, third]);
      expect(runtime.work).toContain('release d2');
      await decode(1);
      expect(runtime.work).not.toContain('release d3');
    });

    it('says why a file cannot be had, and can try again', async () => {
      missing = ['/d/2/click.onnx'];
      await expect(load(2)).rejects.toMatchObject({
        said: { values: { what: { key: 'errors:download.decoder' }, reason: { status: 404 } } },
      });
      missing = [];
      await load(2);
      expect(runtime.work.at(-1)).toBe('see 1');
    });

    it('gives the memory back of one that cannot read the image', async () => {
      runtime.fail('see 1', 'bad shape');
      await expect(load(2)).rejects.toThrow('bad shape');
      expect(runtime.work.at(-1)).toBe('release d2');
    });
  });

  describe('when a GPU fails', () => {
    it('answers the click on WASM, where the image is looked at anew', async () => {
      await load(1, { backend: 'webgpu', threads: 1 });
      await open(1);
      expect((await decode(1)).ranOn).toEqual({ backend: 'webgpu', threads: 1 });
      runtime.log.length = 0;
      runtime.fail('click on 1', 'device lost');
      const { candidates, ranOn } = await decode(1);
      expect(candidates).toHaveLength(4);
      expect(ranOn).toEqual({ backend: 'wasm', threads: 1 });
      expect(runtime.work).toEqual(['click on 1', 'start d1 on wasm', 'see 1', 'click on 1']);
    });

    it('opens the image on WASM', async () => {
      await load(1, { backend: 'webgpu', threads: 1 });
      runtime.fail('see 1', 'device lost');
      await open(1);
      expect((await decode(1)).ranOn.backend).toBe('wasm');
    });
  });

  it('refuses a click that fails on WASM, and answers the next', async () => {
    await load(1);
    await open(1);
    runtime.fail('click on 1', 'out of memory');
    await expect(decode(1)).rejects.toThrow('out of memory');
    expect((await decode(1)).candidates).toHaveLength(4);
  });

  it('lets a click in before a benchmark, and keeps the open image', async () => {
    await load(1);
    await open(1);
    runtime.log.length = 0;
    const benchmark = service.handlers.benchmark(null);
    await Promise.all([benchmark, decode(1)]);
    expect(runtime.log).toEqual(['see -0.5', 'click on 1', 'click on -0.5', 'forget -0.5']);
  });

  it('tells one progress for both files', async () => {
    await load(1);
    expect(progress.at(0)).toBeNull();
    expect(progress.at(-1)).toBe(1);
  });
});

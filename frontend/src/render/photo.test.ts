import { afterEach, describe, expect, it, vi } from 'vitest';
import { MessageError } from '../i18n/message';
import { loadPhoto, loadTiledPhoto } from './photo';

const imageSize = { width: 20, height: 10 };
afterEach(() => vi.unstubAllGlobals());

describe('loading a photo', () => {
  it.each([
    ['no server', () => Promise.reject(new TypeError('x')), 'errors:offline'],
    ['a refusal', () => Promise.resolve(new Response('', { status: 404 })), 'errors:photoRefused'],
    ['no picture', () => Promise.resolve(new Response('text')), 'errors:photoUndecodable'],
  ])('fails with a sentence when there is %s', async (_name, fetch, key) => {
    vi.stubGlobal('fetch', fetch);
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('InvalidStateError')));
    const error: unknown = await loadPhoto('/p', { imageSize }).catch((reason: unknown) => reason);
    expect((error as MessageError).said.key).toBe(key);
  });

  it('closes a bitmap that nobody wants any more', async () => {
    const controller = new AbortController();
    const close = vi.fn();
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('jpeg')));
    vi.stubGlobal('createImageBitmap', () => {
      controller.abort();
      return Promise.resolve({ close });
    });
    await expect(loadPhoto('/p', { imageSize, signal: controller.signal })).rejects.toThrow();
    expect(close).toHaveBeenCalledOnce();
  });
});

it('makes the overview of a large photo from the tiles of the last level', async () => {
  const drawn: unknown[][] = [];
  const sizes: number[][] = [];
  class Canvas {
    constructor(...size: number[]) {
      sizes.push(size);
    }
    getContext = () => ({ drawImage: (url: string, ...at: number[]) => drawn.push([url, ...at]) });
    transferToImageBitmap = () => 'the overview';
  }
  vi.stubGlobal('OffscreenCanvas', Canvas);
  vi.stubGlobal('fetch', (url: string) => Promise.resolve({ ok: true, blob: () => url }));
  vi.stubGlobal('createImageBitmap', (url: string) =>
    Promise.resolve(Object.assign(url, { close: () => undefined })),
  );
  const photo = await loadTiledPhoto(({ level, x, y }) => `${level}/${x}/${y}`, {
    imageSize: { width: 20_000, height: 3000 },
    shape: { size: 512, overlap: 1, levels: 5 },
  });
  expect(photo.bitmap).toBe('the overview');
  expect(sizes).toEqual([[1250, 188]]);
  expect(drawn.map(([url, ...at]) => [String(url), ...at]).sort()).toEqual([
    ['4/0/0', 0, 0],
    ['4/1/0', 511, 0],
    ['4/2/0', 1023, 0],
  ]);
});

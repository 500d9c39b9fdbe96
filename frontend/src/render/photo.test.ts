import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadPhoto, textureSize } from './photo';

describe('the size of a photo on the graphics card', () => {
  it.each([
    ['an ordinary photo as it is', [6000, 4000], [6000, 4000]],
    ['a gigantic photo within side and area', [20000, 10000], [8192, 4096]],
    ['a large square within the area', [8000, 8000], [6324, 6324]],
    ['a sliver with at least one pixel', [20000, 1], [8192, 1]],
  ])('keeps %s', (_name, [width = 0, height = 0], [w, h]) => {
    expect(textureSize({ width, height })).toEqual({ width: w, height: h });
  });
});

describe('loading a photo', () => {
  const imageSize = { width: 20, height: 10 };
  afterEach(() => vi.unstubAllGlobals());

  it('asks for a smaller bitmap only where it must', async () => {
    const decode = vi.fn(() => Promise.resolve({ width: 1, height: 1 }));
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('jpeg')));
    vi.stubGlobal('createImageBitmap', decode);
    await loadPhoto('/p', { imageSize });
    await loadPhoto('/p', { imageSize: { width: 16384, height: 100 } });
    expect(decode.mock.calls.map((call: unknown[]) => call[1])).toEqual([
      {},
      { resizeWidth: 8192, resizeHeight: 50, resizeQuality: 'medium' },
    ]);
  });

  it.each([
    ['no server', () => Promise.reject(new TypeError('x')), 'cannot be reached'],
    ['a refusal', () => Promise.resolve(new Response('', { status: 404 })), 'answered 404'],
    ['no picture', () => Promise.resolve(new Response('text')), 'could not decode the photo (20x10)'],
  ])('fails with a sentence when there is %s', async (_name, fetch, message) => {
    vi.stubGlobal('fetch', fetch);
    vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('InvalidStateError')));
    await expect(loadPhoto('/p', { imageSize })).rejects.toThrow(message);
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

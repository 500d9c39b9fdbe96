import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inEnglish } from '../i18n/english';
import { download, DownloadError, fractionOf, type DownloadProgress } from './download';

const URL = '/api/file';
const problem = (status: number, detail: string, code = 'unavailable', headers = {}) =>
  new Response(JSON.stringify({ detail, code }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });

function options(fetch: typeof globalThis.fetch, signal = new AbortController().signal) {
  return { what: { key: 'errors:download.mask' }, signal, fetch } as const;
}

describe('downloads', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('joins what arrives in pieces and tells how far it has come', async () => {
    const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4)];
    const body = new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    const fetch = vi.fn(() => Promise.resolve(new Response(body, { headers: { 'Content-Length': '4' } })));
    const progress: DownloadProgress[] = [];
    const bytes = await download(URL, { ...options(fetch), onProgress: (part) => progress.push(part) });
    expect([...new Uint8Array(bytes)]).toEqual([1, 2, 3, 4]);
    expect(progress.map((part) => fractionOf([part]))).toEqual([0.5, 0.75, 1]);
  });

  it('knows no fraction of a compressed body', async () => {
    const headers = { 'Content-Length': '1', 'Content-Encoding': 'br' };
    const fetch = vi.fn(() => Promise.resolve(new Response('abcd', { headers })));
    const progress: DownloadProgress[] = [];
    await download(URL, { ...options(fetch), onProgress: (part) => progress.push(part) });
    expect(progress).toEqual([{ received: 4, length: null }]);
    expect(fractionOf(progress)).toBeNull();
  });

  it('comes back when a busy server says when', async () => {
    const fetch = vi
      .fn<typeof globalThis.fetch>()
      .mockResolvedValueOnce(problem(503, 'busy', 'decoding_busy', { 'Retry-After': '3' }))
      .mockResolvedValueOnce(new Response('ok'));
    const bytes = download(URL, options(fetch));
    await vi.advanceTimersByTimeAsync(2900);
    expect(fetch).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect((await bytes).byteLength).toBe(2);
  });

  it('stops waiting for a busy server when aborted', async () => {
    const controller = new AbortController();
    const fetch = vi.fn(() =>
      Promise.resolve(problem(503, 'busy', 'decoding_busy', { 'Retry-After': '60' })),
    );
    const result = download(URL, options(fetch, controller.signal)).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(10);
    controller.abort();
    expect(await result).toMatchObject({ name: 'AbortError' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [
      "the server's own words",
      problem(422, 'The image is truncated.', 'damaged_image'),
      'Could not load the mask: The image is truncated.',
    ],
    [
      'the status of a bare answer',
      new Response('<html>', { status: 502 }),
      'The server answered with status 502',
    ],
    [
      'a broken problem document',
      new Response('{', { status: 500, headers: { 'Content-Type': 'application/json' } }),
      'The server answered with status 500',
    ],
    ['a 503 without a time', problem(503, 'The database is away.'), 'The database is away.'],
  ])('fails with %s', async (_name, response, message) => {
    const result = download(
      URL,
      options(() => Promise.resolve(response)),
    );
    const error: unknown = await result.catch((reason: unknown) => reason);
    expect(inEnglish(error as DownloadError)).toContain(message);
  });

  it('says that the server cannot be reached', async () => {
    const result = download(
      URL,
      options(() => Promise.reject(new TypeError('Failed to fetch'))),
    );
    await expect(result).rejects.toThrow(DownloadError);
    await expect(result).rejects.toMatchObject({ said: { key: 'errors:download.unreachable' } });
  });
});

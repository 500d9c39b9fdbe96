import { describe, expect, it } from 'vitest';
import { downloadDecoder } from './decoderFiles';

const URLS = { imageUrl: '/image', clickUrl: '/click' };

/** A file that arrives when the test says so. */
class SlowFile {
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly body = new ReadableStream<Uint8Array>({
    start: (controller) => void (this.controller = controller),
  });

  arrive(bytes: number): void {
    this.controller?.enqueue(new Uint8Array(bytes));
  }

  end(): void {
    this.controller?.close();
  }
}

describe('the two files of a decoder', () => {
  it('come at once, with one progress by their bytes', async () => {
    const files: Record<string, SlowFile> = { '/image': new SlowFile(), '/click': new SlowFile() };
    const lengths: Record<string, string> = { '/image': '10', '/click': '30' };
    const fractions: (number | null)[] = [];
    const downloaded = downloadDecoder(URLS, {
      signal: new AbortController().signal,
      onProgress: (fraction) => fractions.push(fraction),
      fetch: (url) => {
        const name = url as string;
        const headers = { 'Content-Length': lengths[name] ?? '' };
        return Promise.resolve(new Response(files[name]?.body, { headers }));
      },
    });
    files['/image']?.arrive(10);
    await expect.poll(() => fractions).toEqual([null]);
    files['/click']?.arrive(10);
    await expect.poll(() => fractions).toEqual([null, 0.5]);
    files['/click']?.arrive(20);
    for (const file of Object.values(files)) file.end();
    const { image, click } = await downloaded;
    expect([image.length, click.length, fractions.at(-1)]).toEqual([10, 30, 1]);
  });

  it('are given up together when one cannot be had', async () => {
    const aborted: string[] = [];
    const downloaded = downloadDecoder(URLS, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      fetch: (url, options) => {
        if (url === '/click') return Promise.resolve(new Response(null, { status: 500 }));
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            aborted.push(url as string);
            reject(new DOMException('aborted', 'AbortError'));
          });
        });
      },
    });
    await expect(downloaded).rejects.toMatchObject({ said: { values: { reason: { status: 500 } } } });
    expect(aborted).toEqual(['/image']);
  });
});

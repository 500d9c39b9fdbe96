/** A decoder comes as two files: both are fetched at once, with one progress. */
import { download, type DownloadProgress, fractionOf } from './download';
import type { DecoderSource } from './types';

export interface DecoderFiles {
  /** Graph of the part that runs once for each image. */
  readonly image: Uint8Array;
  /** Graph of the part that runs for each prompt. */
  readonly click: Uint8Array;
}

interface FetchOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number | null) => void;
  readonly fetch?: typeof fetch;
}

/** Where one file cannot be had, the other is not waited for. */
export async function downloadDecoder(
  { imageUrl, clickUrl }: DecoderSource['decoder'],
  { signal, onProgress, ...options }: FetchOptions,
): Promise<DecoderFiles> {
  const failure = new AbortController();
  const parts: (DownloadProgress | null)[] = [null, null];
  const start = async (url: string, part: number) => {
    const bytes = await download(url, {
      ...options,
      what: { key: 'errors:download.decoder' },
      signal: AbortSignal.any([signal, failure.signal]),
      onProgress: (progress) => {
        parts[part] = progress;
        onProgress(fractionOf(parts));
      },
    });
    return new Uint8Array(bytes);
  };
  try {
    const [image, click] = await Promise.all([start(imageUrl, 0), start(clickUrl, 1)]);
    return { image, click };
  } finally {
    failure.abort();
  }
}

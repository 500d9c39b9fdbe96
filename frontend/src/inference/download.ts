/** Downloads with progress, patience and errors that a person can act on. */
import { MessageError, type Message, type Refused } from '../i18n/message';

export class DownloadError extends MessageError {
  override readonly name = 'DownloadError';
}

export interface DownloadProgress {
  /** Bytes. */
  readonly received: number;
  /** Bytes in all, or null where nobody says. */
  readonly length: number | null;
}

/** How far downloads have come together, 0 to 1; null while the length of one of them is not known. */
export function fractionOf(downloads: readonly (DownloadProgress | null)[]): number | null {
  let [received, length] = [0, 0];
  for (const progress of downloads) {
    if (!progress?.length) return null;
    received += progress.received;
    length += progress.length;
  }
  return received / length;
}

export interface DownloadOptions {
  /** As in "Could not load the mask decoder". */
  readonly what: Message;
  readonly signal: AbortSignal;
  readonly fetch?: typeof fetch;
  /** Of the request; a plain GET when left out. */
  readonly init?: RequestInit;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called once the server has begun to answer. */
  readonly onHeaders?: () => void;
}

/** A busy server says 503 and when to come back; this is how often we do before giving up. */
const MAX_ATTEMPTS = 20;

/** Bytes at `url`. Throws DownloadError, or the signal's own reason when aborted. */
export async function download(url: string, options: DownloadOptions): Promise<ArrayBuffer> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request(url, options);
    const wait = response.status === 503 && attempt < MAX_ATTEMPTS ? retryAfter(response) : null;
    if (wait === null) return await bytesOf(response, options);
    await response.body?.cancel();
    await pause(wait, options.signal);
  }
}

async function request(url: string, { what, signal, fetch: doFetch = fetch, init = {} }: DownloadOptions) {
  try {
    return await doFetch(url, { ...init, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadError({ key: 'errors:download.unreachable', values: { what } }, { cause: error });
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    }
  });
}

async function bytesOf(response: Response, options: DownloadOptions): Promise<ArrayBuffer> {
  const { what, signal } = options;
  options.onHeaders?.();
  if (!response.ok) {
    const reason = await refusalOf(response);
    throw new DownloadError({ key: 'errors:download.refused', values: { what, reason } });
  }
  try {
    return await readAll(response, options.onProgress);
  } catch (error) {
    signal.throwIfAborted();
    throw new DownloadError({ key: 'errors:download.broken', values: { what } }, { cause: error });
  }
}

/** What a problem document says, else the bare status. */
async function refusalOf(response: Response): Promise<Refused> {
  const isProblem = response.headers.get('Content-Type')?.includes('json') ?? false;
  const body: unknown = isProblem ? await response.json().catch(() => null) : null;
  const { code, detail } = { ...(body as Partial<Record<keyof Refused, unknown>> | null) };
  if (typeof detail !== 'string') return { code: 'unknown', detail: '', status: response.status };
  return { code: typeof code === 'string' ? code : '', detail };
}

async function readAll(
  response: Response,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<ArrayBuffer> {
  if (!response.body || !onProgress) return await response.arrayBuffer();
  const length = contentLength(response);
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let received = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    received += part.value.length;
    onProgress({ received, length });
  }
  return join(chunks, received);
}

/** Compressed bodies arrive longer than their Content-Length says: it tells nothing then. */
function contentLength(response: Response): number | null {
  if (response.headers.get('Content-Encoding')) return null;
  return Number(response.headers.get('Content-Length') ?? 0) || null;
}

function join(chunks: readonly Uint8Array[], length: number): ArrayBuffer {
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out.buffer;
}

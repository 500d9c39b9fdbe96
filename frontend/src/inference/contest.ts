/**
 * Threads lose on a loaded machine, and nobody can tell beforehand. So a rival with one thread is started beside the
 * multi-threaded worker and the faster one stays. A worker of its own, because the runtime fixes its number of threads
 * for good at its start, and because ending a worker gives all its memory back.
 */
import { abortError, type WorkerLink } from './link';
import type { ModelInfo } from './types';

export interface Winner {
  readonly link: WorkerLink;
  readonly info: ModelInfo;
}

/** The rival, loaded, when it is faster; else null and the rival is gone. Aborting ends the rival at once. */
export async function challenge(
  incumbent: WorkerLink,
  spawn: () => WorkerLink,
  decoderUrl: string,
  signal: AbortSignal,
): Promise<Winner | null> {
  const rival = spawn();
  const end = () => rival.terminate(abortError('The comparison of thread counts ended.'));
  signal.addEventListener('abort', end, { once: true });
  try {
    const info = await rival.call('load', { decoderUrl, threads: 1 });
    const decodeMs = await rival.call('benchmark', null);
    const toBeat = await incumbent.call('benchmark', null);
    if (decodeMs < toBeat && !signal.aborted) return { link: rival, info: { ...info, decodeMs } };
  } catch {
    // A rival that cannot even start has lost.
  }
  end();
  return null;
}

/** What the worker does for each request. Knows nothing of messages. */
import { maskFromLogits } from '../geometry/upsample';
import { download } from './download';
import { EmbeddingStore } from './embeddings';
import { decodeFloat16 } from './float16';

import { abortError } from './link';
import { Model } from './model';
import type { Calls, CallName, DecodeArgs, LoadArgs, OpenResult, Progress } from './protocol';
import type { ModelInfo } from './types';

/** 16 MiB of half floats: the open image, the next ones and the way back. */
const EMBEDDINGS_KEPT = 8;

export type Handlers = {
  [Name in CallName]: (args: Calls[Name]['args']) => Promise<Calls[Name]['result']>;
};

interface Opened {
  readonly url: string;
  readonly embedding: Float32Array;
}

export class InferenceService {
  private readonly store: EmbeddingStore;
  private model: Model | null = null;
  private opened: Opened | null = null;
  private loading: AbortController | null = null;

  constructor(private readonly report: (progress: Progress['progress']) => void) {
    this.store = new EmbeddingStore({
      capacity: EMBEDDINGS_KEPT,
      onProgress: (fraction) => report({ of: 'embedding', fraction }),
    });
  }

  readonly handlers: Handlers = {
    load: (args) => this.load(args),
    benchmark: () => this.loaded().benchmark(),
    open: ({ embeddingUrl }) => this.open(embeddingUrl),
    prefetch: async ({ embeddingUrls }) => {
      this.store.prefetch(embeddingUrls);
      return Promise.resolve(null);
    },
    decode: (args) => this.decode(args),
    fullMask: ({ mask, imageSize }) => Promise.resolve(maskFromLogits(mask, imageSize)),
  };

  /** The model in use serves until the new one is warm. A newer request for a model ends an older one. */
  private async load({ decoderUrl, backend, threads }: LoadArgs): Promise<ModelInfo> {
    const start = performance.now();
    const { signal } = this.supersedeLoading();
    const onProgress = (fraction: number | null) => this.report({ of: 'model', fraction });
    const bytes = await download(decoderUrl, { what: 'the mask decoder', signal, onProgress });
    const model = await Model.load(new Uint8Array(bytes), backend, threads);
    signal.throwIfAborted();
    await this.model?.release();
    this.model = model;
    return { backend, threads: model.threads, loadMs: performance.now() - start };
  }

  private supersedeLoading(): AbortController {
    this.loading?.abort();
    this.loading = new AbortController();
    return this.loading;
  }

  private async open(url: string): Promise<OpenResult> {
    const start = performance.now();
    const cached = this.store.has(url);
    const halves = await this.store.open(url);
    this.opened = { url, embedding: decodeFloat16(halves) };
    return { ms: performance.now() - start, cached };
  }

  private async decode({ embeddingUrl, ...request }: DecodeArgs): Promise<Calls['decode']['result']> {
    if (this.opened?.url !== embeddingUrl) throw abortError('Another image was opened.');
    const start = performance.now();
    const candidates = await this.loaded().decode(this.opened.embedding, request);
    return { candidates, ms: performance.now() - start };
  }

  private loaded(): Model {
    if (this.model) return this.model;
    throw new Error('The mask decoder is not loaded yet.');
  }
}

/** What the worker does for each request. Knows nothing of messages. */
import { maskFromLogits } from '../geometry/upsample';
import { messageOf } from '../i18n/message';
import { downloadDecoder } from './decoderFiles';
import { EmbeddingStore } from './embeddings';
import { abortError, ModelStartError } from './failure';
import { type EmbeddedImage, Model } from './model';
import type { Calls, CallName, DecodeArgs, LoadArgs, OpenResult, Progress } from './protocol';
import { startSession, type StartSession } from './runtime';
import type { ModelInfo } from './types';

/** 16 MiB of half floats: the open image, crops of it, the next ones and the way back. */
const EMBEDDINGS_KEPT = 8;

export type Handlers = {
  [Name in CallName]: (args: Calls[Name]['args']) => Promise<Calls[Name]['result']>;
};

interface Opened extends EmbeddedImage {
  readonly url: string;
}

export interface ServiceOptions {
  readonly report: (progress: Progress['progress']) => void;
  /** Tests bring fakes. */
  readonly start?: StartSession;
  readonly fetch?: typeof fetch;
}

export class InferenceService {
  private readonly store: EmbeddingStore;
  private model: Model | null = null;
  private opened: Opened | null = null;
  /** The image asked for last, whether its embedding is there or not. */
  private wanted: string | null = null;
  /** Crops of the open image. */
  private crops: readonly Opened[] = [];
  /** The crop asked for last, whether its embedding is there or not. */
  private focused: string | null = null;
  private loading: AbortController | null = null;

  constructor(private readonly options: ServiceOptions) {
    this.store = new EmbeddingStore({
      ...options,
      capacity: EMBEDDINGS_KEPT,
      onProgress: (fraction) => options.report({ of: 'embedding', fraction }),
    });
  }

  readonly handlers: Handlers = {
    load: (args) => this.load(args),
    benchmark: () => this.loaded().benchmark(),
    open: ({ embeddingUrl }) => this.open(embeddingUrl),
    focus: (args) => this.focus(args),
    prefetch: async ({ embeddingUrls }) => {
      this.store.prefetch(embeddingUrls);
      return Promise.resolve(null);
    },
    decode: (args) => this.decode(args),
    fullMask: ({ mask, imageSize }) => Promise.resolve(maskFromLogits(mask, imageSize)),
  };

  /** A newer request for a model ends an older one. The model in use goes first: it is not asked any more. */
  private async load({ decoder, ...settings }: LoadArgs): Promise<ModelInfo> {
    const began = performance.now();
    const { signal } = this.supersedeLoading();
    const { report, start = startSession } = this.options;
    await this.putAway();
    const files = await downloadDecoder(decoder, {
      ...this.options,
      signal,
      onProgress: (fraction) => report({ of: 'model', fraction }),
    });
    const model = await Model.load({ ...settings, files, start }).catch((error: unknown) => {
      throw new ModelStartError(messageOf(error), { cause: error });
    });
    await this.install(model, signal);
    return { ...model.setup, loadMs: performance.now() - began };
  }

  private supersedeLoading(): AbortController {
    this.loading?.abort();
    this.loading = new AbortController();
    return this.loading;
  }

  private async putAway(): Promise<void> {
    const { model } = this;
    this.model = null;
    await model?.release();
  }

  /** Shows the model what a person looks at, which may be another by the time it has seen it. */
  private async install(model: Model, signal: AbortSignal): Promise<void> {
    try {
      for (let image: Opened | null = null; image !== this.inView && !signal.aborted;) {
        image = this.inView;
        if (image) await model.look(image);
      }
      signal.throwIfAborted();
    } catch (error) {
      await model.release();
      throw error;
    }
    this.model = model;
  }

  private async open(url: string): Promise<OpenResult> {
    const began = performance.now();
    const cached = this.store.has(url);
    if (this.wanted !== url) this.leaveCrops();
    this.wanted = url;
    const embedding = await this.store.open(url);
    this.mustStillBeWanted(url);
    if (this.opened?.url !== url) this.opened = { url, embedding };
    await this.model?.look(this.opened);
    this.mustStillBeWanted(url);
    return { ms: performance.now() - began, cached };
  }

  private async focus({ embeddingUrl: url, kept }: Calls['focus']['args']): Promise<null> {
    this.focused = url;
    this.crops = this.crops.filter((crop) => crop.url === url || kept.includes(crop.url));
    if (url === null) this.store.leaveCrop();
    else if (!this.crops.some((crop) => crop.url === url)) {
      const crop = { url, embedding: await this.store.open(url, 'crop') };
      this.mustStillBeFocused(url);
      this.crops = [...this.crops, crop];
    }
    if (this.inView) await this.model?.look(this.inView);
    this.mustStillBeFocused(url);
    return null;
  }

  private leaveCrops(): void {
    this.focused = null;
    this.crops = [];
    this.store.leaveCrop();
  }

  /** The crop in focus, where it is there already, else the image. */
  private get inView(): Opened | null {
    return this.crops.find(({ url }) => url === this.focused) ?? this.opened;
  }

  private async decode({ embeddingUrl, ...request }: DecodeArgs): Promise<Calls['decode']['result']> {
    const image = [this.opened, ...this.crops].find((opened) => opened?.url === embeddingUrl);
    if (!image) throw abortError('Another image was opened.');
    const began = performance.now();
    const model = this.loaded();
    const candidates = await model.decode(image, request);
    return { candidates, ms: performance.now() - began, ranOn: model.setup };
  }

  private mustStillBeWanted(url: string): void {
    if (this.wanted !== url) throw abortError('Another image was opened.');
  }

  private mustStillBeFocused(url: string | null): void {
    if (this.focused !== url) throw abortError('Another part of the image is looked at.');
  }

  private loaded(): Model {
    if (this.model) return this.model;
    throw new Error('The mask decoder is not loaded yet.');
  }
}

/**
 * The page's handle on the model. One client lives as long as the page; it owns the worker, and satisfies the editor's
 * `Decoder` port by structure.
 *
 *   const client = new InferenceClient();
 *   client.preload({ decoderUrl: model.decoder_url });        // while the grid is shown; safe to call again
 *   client.openImage({ imageId, embeddingUrl, imageSize });   // the previous image's requests are dropped
 *   client.prefetch([nextEmbeddingUrl, ...]);                 // replaces the list; fetches no longer wanted are aborted
 *   const candidates = await client.decode({ prompts, imageSize, prior: null }, 'preview');   // null: overtaken
 *   const mask = await client.toFullMask(candidate.logits, imageSize);
 *   const status = useSyncExternalStore(client.subscribe, client.getStatus);
 *   if (status.phase === 'error') showButton(client.retry);
 */
import type { Size } from '../geometry/types';
import { challenge } from './contest';
import { abortError, isAbort, WorkerLink, type WorkerLike } from './link';
import type { DecodeArgs, DecodeResult } from './protocol';
import { DecodeQueue } from './queue';
import { StatusBoard } from './status';
import type {
  Candidate,
  DecodeRequest,
  FullMask,
  InferenceStatus,
  ModelInfo,
  OpenImage,
  Urgency,
} from './types';

/** More threads than this do not pay for a decoder of this size. */
const MAX_THREADS = 4;

export interface InferenceClientOptions {
  /** Starts a worker; tests bring a fake. */
  readonly spawn?: () => WorkerLike;
  /** Threads to try first; 1 where the page is not cross-origin isolated. */
  readonly threads?: number;
}

export class InferenceClient {
  private readonly board = new StatusBoard();
  private readonly queue = new DecodeQueue((args: DecodeArgs) => this.runDecode(args));
  private readonly spawn: () => WorkerLike;
  private threads: number;
  private contested: boolean;
  private contest: AbortController | null = null;
  private link: WorkerLink | null = null;
  private decoderUrl: string | null = null;
  private image: OpenImage | null = null;
  private ahead: readonly string[] = [];

  constructor({ spawn = spawnWorker, threads = threadsToTry() }: InferenceClientOptions = {}) {
    this.spawn = spawn;
    this.threads = threads;
    this.contested = threads === 1;
  }

  readonly getStatus = (): InferenceStatus => this.board.read();

  /** Calls back at every change of the status; returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.board.subscribe(listener);

  /** Loads and warms the decoder. Another URL (a newer decoder) replaces the one in use as soon as it is warm. */
  preload({ decoderUrl }: { readonly decoderUrl: string }): void {
    const { modelStage } = this.board.knowledge;
    const known = this.decoderUrl === decoderUrl && (modelStage === 'loading' || modelStage === 'ready');
    if (!known) void this.load(decoderUrl);
  }

  /**
   * Makes this the image that `decode` works on and fetches its embedding. Waiting previews of the image before resolve
   * to null, its waiting clicks reject with an `AbortError`. A failure shows in the status.
   */
  openImage(image: OpenImage): void {
    const same = this.image?.imageId === image.imageId && this.image.embeddingUrl === image.embeddingUrl;
    if (same && this.board.knowledge.imageStage !== 'failed') return;
    this.leaveImage();
    void this.open(image);
  }

  /** The annotation page was left. */
  closeImage(): void {
    this.leaveImage();
    this.board.note({ imageStage: 'none', imageId: null, embedding: null, error: null });
  }

  /** Fetches these embeddings ahead, in order, at the server's low urgency. */
  prefetch(embeddingUrls: readonly string[]): void {
    this.ahead = embeddingUrls;
    this.ensureLink()
      .call('prefetch', { embeddingUrls })
      .catch(() => undefined); // Only a dead worker refuses, and that has been reported.
  }

  /** Tries again whatever failed: a dead worker, the decoder, the open image. */
  readonly retry = (): void => {
    const { modelStage, imageStage } = this.board.knowledge;
    if (modelStage === 'failed' && this.decoderUrl) void this.load(this.decoderUrl);
    if (imageStage === 'failed' && this.image) void this.open(this.image);
  };

  /** Resolves when the open image can be decoded; rejects with the reason when it cannot. */
  whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const { phase, error } = this.getStatus();
        if (phase.startsWith('loading') || phase === 'idle') return;
        stop();
        if (phase === 'error') reject(new Error(error ?? 'The model failed.'));
        else resolve();
      };
      const stop = this.subscribe(check);
      check();
    });
  }

  /**
   * Four candidates in token order. Waits for the open image to be ready. A preview that a newer request overtakes
   * resolves to null; a click is always answered. Rejects with a readable message.
   */
  async decode(request: DecodeRequest, urgency: Urgency): Promise<readonly Candidate[] | null> {
    const { phase, error } = this.getStatus();
    if (!this.image) throw new Error('No image is open.');
    if (phase === 'error') throw new Error(error ?? 'The model failed.');
    this.contest?.abort();
    const result = await this.queue.push({ ...request, embeddingUrl: this.image.embeddingUrl }, urgency);
    return result?.candidates ?? null;
  }

  /** The stored form of a mask: upsampled by the full-mask rule, cut at 0, encoded, measured; in the worker. */
  toFullMask(logits: Float32Array, imageSize: Size): Promise<FullMask> {
    return this.ensureLink().call('fullMask', { logits, imageSize });
  }

  /** Ends the worker; every pending promise rejects. */
  dispose(): void {
    this.contest?.abort();
    const reason = abortError('The page was left.');
    this.queue.clear(reason);
    this.link?.terminate(reason);
    this.link = null;
  }

  private async load(decoderUrl: string): Promise<void> {
    this.contest?.abort();
    this.decoderUrl = decoderUrl;
    if (this.board.knowledge.modelStage !== 'ready')
      this.board.note({ modelStage: 'loading', progress: null });
    try {
      const model = await this.ensureLink().call('load', { decoderUrl, threads: this.threads });
      this.board.note({ modelStage: 'ready', model, error: null });
      this.releaseWhenReady();
      await this.compareThreads(model);
    } catch (error) {
      if (!isAbort(error)) this.fail('modelStage', error);
    }
  }

  private async open(image: OpenImage): Promise<void> {
    this.image = image;
    this.board.note({
      imageStage: 'loading',
      imageId: image.imageId,
      embedding: null,
      progress: null,
      error: null,
    });
    try {
      const embedding = await this.ensureLink().call('open', { embeddingUrl: image.embeddingUrl });
      if (this.image !== image) return;
      this.board.note({ imageStage: 'ready', embedding });
      this.releaseWhenReady();
    } catch (error) {
      if (this.image === image && !isAbort(error)) this.fail('imageStage', error);
    }
  }

  private leaveImage(): void {
    this.image = null;
    this.queue.hold();
    this.queue.clear(abortError('Another image was opened.'));
  }

  private releaseWhenReady(): void {
    const { modelStage, imageStage } = this.board.knowledge;
    if (modelStage === 'ready' && imageStage === 'ready') this.queue.release();
  }

  private fail(stage: 'modelStage' | 'imageStage', cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.queue.hold();
    this.queue.clear(error);
    this.board.note({ [stage]: 'failed', error: error.message });
  }

  private async runDecode(args: DecodeArgs): Promise<DecodeResult> {
    this.board.note({ decoding: true });
    try {
      const result = await this.ensureLink().call('decode', args);
      this.board.note({ decoding: false, lastDecodeMs: result.ms });
      return result;
    } catch (error) {
      this.board.note({ decoding: false });
      throw error;
    }
  }

  private ensureLink(): WorkerLink {
    this.link ??= this.newLink();
    return this.link;
  }

  private newLink(): WorkerLink {
    const link: WorkerLink = new WorkerLink(this.spawn(), {
      onProgress: ({ of, fraction }) => {
        const stage = this.board.knowledge[of === 'model' ? 'modelStage' : 'imageStage'];
        if (link === this.link && stage === 'loading') this.board.note({ progress: fraction });
      },
      onCrash: (error) => {
        if (link === this.link) this.reportCrash(error);
      },
    });
    return link;
  }

  private reportCrash(error: Error): void {
    this.link = null;
    if (this.decoderUrl) this.fail('modelStage', error);
    if (this.image) this.fail('imageStage', error);
  }

  /** Once a page: is one thread faster here? Given up as soon as a person asks for a mask. */
  private async compareThreads(model: ModelInfo): Promise<void> {
    const idle = !this.board.knowledge.decoding;
    if (this.contested || model.backend !== 'wasm' || !idle || !this.link || !this.decoderUrl) return;
    this.contested = true;
    const contest = new AbortController();
    this.contest = contest;
    const winner = await challenge(this.link, () => this.newLink(), this.decoderUrl, contest.signal);
    if (winner) await this.adopt(winner.link, winner.info, contest.signal);
  }

  /** Moves to another worker; the old one answers what it has been asked, then ends. */
  private async adopt(link: WorkerLink, info: ModelInfo, signal: AbortSignal): Promise<void> {
    const { image } = this;
    const opened = !image || (await opens(link, image));
    if (!opened || signal.aborted || image !== this.image) {
      link.terminate(abortError('The comparison of thread counts ended.'));
      return;
    }
    this.contest = null;
    this.link?.retire();
    this.link = link;
    this.threads = info.threads;
    this.board.note({ model: info });
    this.prefetch(this.ahead);
  }
}

/** Whether the worker has the image's embedding. */
function opens(link: WorkerLink, { embeddingUrl }: OpenImage): Promise<boolean> {
  return link.call('open', { embeddingUrl }).then(
    () => true,
    () => false,
  );
}

function threadsToTry(): number {
  return globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
}

function spawnWorker(): WorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' });
}

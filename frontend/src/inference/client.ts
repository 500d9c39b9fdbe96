/**
 * The page's handle on the model. One client lives as long as the page; it owns the worker, and satisfies the editor's
 * `Decoder` port by structure.
 *
 *   const client = new InferenceClient();
 *   client.preload({ decoder: { imageUrl, clickUrl }, inputSide });   // while the grid is shown; safe to call again
 *   client.openImage({ imageId, embeddingUrl, imageSize });   // the previous image's requests are dropped
 *   client.focus(crop);   // of the open image, from `cropFor`; null: the whole image
 *   client.prefetch([nextEmbeddingUrl, ...]);                 // replaces the list; fetches no longer wanted are aborted
 *   const candidates = await client.decode({ prompts, imageSize, prior: null }, 'preview');   // null: overtaken
 *   const [single] = await client.decode({ prompts, imageSize, prior: null, tokens: [0] }, 'click');
 *   const mask = await client.toFullMask(candidate, imageSize);
 *   const status = useSyncExternalStore(client.subscribe, client.getStatus);
 *   if (status.phase === 'error') showButton(client.retry);
 */
import type { Xywh } from '../geometry/box';
import { isSameCrop, wholeCrop } from '../geometry/crops';
import type { Candidate, DecodeRequest, FullMask, MaskLogits } from '../geometry/decoding';
import type { Size } from '../geometry/types';
import { messageOf, MessageError, type Message } from '../i18n/message';
import { Comeback } from './comeback';
import { Contest, findRivals, type Winner } from './contest';
import { abortError, isAbort, ModelStartError } from './failure';
import { Focus } from './focus';
import { WorkerLink, type WorkerLike } from './link';
import type { DecodeArgs, DecodeResult, Setup } from './protocol';
import { REMOTE, remoteWorker } from './remote';
import { DecodeQueue } from './queue';
import { StatusBoard } from './status';
import type { DecoderSource, InferenceStatus, OpenImage, Urgency } from './types';

/** What always works, starts soonest, and loses least on a loaded machine. */
const START: Setup = { backend: 'wasm', threads: 1 };
/** Without a request for this long, the machine is free to try what else may be faster. */
const QUIET_MS = 3000;

export interface InferenceClientOptions {
  /** Starts a worker; tests bring a fake. */
  readonly spawn?: () => WorkerLike;
  /** What takes its place where it cannot run the model. */
  readonly remote?: () => WorkerLike;
  /** What may be faster, tried after `quietMs` without a request. */
  readonly rivals?: () => Promise<readonly Setup[]>;
  readonly quietMs?: number;
  /** Until a worker that did not start gets its second chance. */
  readonly comebackMs?: number;
}

const NO_REASON: Message = { key: 'errors:model.noReason' };

export class InferenceClient {
  private readonly board = new StatusBoard();
  private readonly queue = new DecodeQueue((request: DecodeRequest) => this.runDecode(request));
  private readonly spawn: () => WorkerLike;
  private readonly remote: () => WorkerLike;
  /** Whether the model has ever run since the last crash. */
  private hasRun = false;
  private readonly contest: Contest;
  private readonly comeback: Comeback;
  private setup = START;
  private link: WorkerLink | null = null;
  private decoder: DecoderSource | null = null;
  private image: OpenImage | null = null;
  private ahead: readonly string[] = [];
  private readonly focused = new Focus();

  constructor(options: InferenceClientOptions = {}) {
    const { spawn = spawnWorker, remote = remoteWorker, rivals = findRivals, quietMs = QUIET_MS } = options;
    this.spawn = spawn;
    this.remote = remote;
    const arena = {
      incumbent: () => this.link,
      spawn: () => this.newLink(this.spawn()),
      adopt: (winner: Winner, signal: AbortSignal) => this.adopt(winner, signal),
    };
    this.contest = new Contest(arena, rivals, quietMs);
    this.comeback = new Comeback(arena, START, options.comebackMs);
  }

  readonly getStatus = (): InferenceStatus => this.board.read();

  /** Calls back at every change of the status; returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.board.subscribe(listener);

  /**
   * Loads and warms the decoder. While another one than before loads, requests wait: every mask comes from the decoder
   * that was asked for last.
   */
  preload(decoder: DecoderSource): void {
    const { modelStage } = this.board.knowledge;
    const isUnderWay = modelStage === 'loading' || modelStage === 'ready';
    if (!isUnderWay || !this.decoder || !isSame(decoder, this.decoder)) void this.load(decoder);
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
    this.board.note({ imageStage: 'none', imageId: null, embedding: null, focus: null, error: null });
  }

  /**
   * Asks for the embedding of a crop of the open image, and decodes in it as soon as it is there; until then in the whole
   * image. Null goes back to that. A failure shows in the status, and asking again tries again.
   */
  focus(crop: Xywh | null): void {
    if (!this.image) return;
    const { focus } = this.board.knowledge;
    const same = crop && focus ? isSameCrop(crop, focus.crop) : crop === focus;
    if (!same || focus?.state === 'failed') void this.lookAt(crop);
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
    if (modelStage === 'failed' && this.decoder) void this.load(this.decoder);
    if (imageStage === 'failed' && this.image) void this.open(this.image);
  };

  /** Resolves when the open image can be decoded; rejects with the reason when it cannot. */
  whenReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const { phase, error } = this.getStatus();
        if (phase.startsWith('loading') || phase === 'idle') return;
        stop();
        if (phase === 'error') reject(new MessageError(error ?? NO_REASON));
        else resolve();
      };
      const stop = this.subscribe(check);
      check();
    });
  }

  /**
   * The candidates asked for, in token order. Waits for the open image to be ready. A preview that a newer request overtakes
   * resolves to null; a click is always answered. Rejects with a readable message.
   */
  async decode(request: DecodeRequest, urgency: Urgency): Promise<readonly Candidate[] | null> {
    const { phase, error } = this.getStatus();
    if (!this.image) throw new Error('No image is open.');
    if (phase === 'error') throw new MessageError(error ?? NO_REASON);
    this.contest.disturb();
    const result = await this.queue.push(request, urgency);
    return result?.candidates ?? null;
  }

  /** The stored form of a mask: upsampled by the full-mask rule, cut at 0, encoded, measured; in the worker. */
  toFullMask({ logits, inputSide, crop }: MaskLogits, imageSize: Size): Promise<FullMask> {
    return this.ensureLink().call('fullMask', { mask: { logits, inputSide, crop }, imageSize });
  }

  /** Ends the worker; every pending promise rejects. */
  dispose(): void {
    this.contest.disturb();
    this.comeback.end();
    this.closeImage();
    this.link?.terminate(abortError('The page was left.'));
    this.link = null;
  }

  private async load(decoder: DecoderSource): Promise<void> {
    this.contest.disturb();
    this.comeback.changeTo(decoder);
    this.decoder = decoder;
    this.queue.hold();
    this.board.note({ modelStage: 'loading', progress: null });
    try {
      const model = await this.ensureLink().call('load', { ...decoder, ...this.setup });
      this.board.note({ modelStage: 'ready', model, error: this.reasonOf('imageStage') });
      this.hasRun = true;
      this.releaseWhenReady();
      this.rest();
    } catch (error) {
      if (isAbort(error)) return;
      if (error instanceof ModelStartError) this.turnToServer();
      else this.fail('modelStage', error);
    }
  }

  private async open(image: OpenImage): Promise<void> {
    this.image = image;
    this.board.note({
      imageStage: 'loading',
      imageId: image.imageId,
      embedding: null,
      focus: this.focused.wanted && { crop: this.focused.wanted, state: 'loading' },
      progress: null,
      error: this.reasonOf('modelStage'),
    });
    try {
      const embedding = await this.ensureLink().call('open', { embeddingUrl: image.embeddingUrl });
      if (this.image !== image) return;
      this.board.note({ imageStage: 'ready', embedding });
      this.releaseWhenReady();
      this.lookAgain();
    } catch (error) {
      if (this.image === image && !isAbort(error)) this.fail('imageStage', error);
    }
  }

  private leaveImage(): void {
    this.image = null;
    this.focused.want(null);
    this.focused.lose();
    this.queue.hold();
    this.queue.clear(abortError('The image was left.'));
  }

  private async lookAt(crop: Xywh | null): Promise<void> {
    const { image } = this;
    if (!image) return;
    const urlOf = (part: Xywh): string => cropUrl(image.embeddingUrl, part);
    const args = { embeddingUrl: crop && urlOf(crop), kept: this.focused.want(crop).map(urlOf) };
    this.board.note({ focus: crop && { crop, state: 'loading' } });
    try {
      await this.ensureLink().call('focus', args);
      if (!crop || this.focused.wanted !== crop) return;
      this.focused.hold(crop);
      this.board.note({ focus: { crop, state: 'ready' } });
    } catch (error) {
      if (crop && this.focused.wanted === crop && !isAbort(error))
        this.board.note({ focus: { crop, state: 'failed' } });
    }
  }

  /** In a worker that has not seen the crop yet. */
  private lookAgain(): void {
    this.focused.lose();
    if (this.focused.wanted) void this.lookAt(this.focused.wanted);
  }

  private releaseWhenReady(): void {
    const { modelStage, imageStage } = this.board.knowledge;
    if (modelStage === 'ready' && imageStage === 'ready') this.queue.release();
  }

  /** What is left to report when the other stage starts anew. */
  private reasonOf(stage: 'modelStage' | 'imageStage'): Message | null {
    const { [stage]: state, error } = this.board.knowledge;
    return state === 'failed' ? error : null;
  }

  private fail(stage: 'modelStage' | 'imageStage', cause: unknown): void {
    const error = messageOf(cause);
    this.queue.hold();
    this.queue.clear(new MessageError(error, { cause }));
    this.board.note({ [stage]: 'failed', error });
  }

  private async runDecode(request: DecodeRequest): Promise<DecodeResult> {
    const args = this.argsOf(request);
    this.board.note({ decoding: true });
    try {
      const result = await this.ensureLink().call('decode', args);
      this.board.note({ decoding: false, lastDecodeMs: result.ms });
      this.noteBackend(result.ranOn);
      this.rest();
      return result;
    } catch (error) {
      this.board.note({ decoding: false });
      throw error;
    }
  }

  /** Nobody asks: rivals may try. There is none to the server. */
  private rest(): void {
    const { modelStage, model } = this.board.knowledge;
    if (this.decoder && modelStage === 'ready' && model?.backend !== 'server')
      this.contest.rest(this.decoder);
  }

  /** This browser cannot run the model: the server decodes. */
  private turnToServer(): void {
    const { decoder, image } = this;
    this.link?.terminate(abortError('The server decodes from now on.'));
    this.link = null;
    this.setup = REMOTE;
    if (decoder) void this.load(decoder);
    if (image) void this.open(image);
  }

  /** What the worker is to decode, by what it holds at this moment. */
  private argsOf(request: DecodeRequest): DecodeArgs {
    if (!this.image) throw abortError('The image was left.');
    const { embeddingUrl, imageSize } = this.image;
    const crop = this.focused.cropFor(request);
    const isWhole = isSameCrop(crop, wholeCrop(imageSize));
    return { ...request, crop, embeddingUrl: isWhole ? embeddingUrl : cropUrl(embeddingUrl, crop) };
  }

  /** A GPU that failed has been replaced in the worker. */
  private noteBackend({ backend, threads }: Setup): void {
    const { model } = this.board.knowledge;
    if (!model || model.backend === backend) return;
    this.setup = { backend, threads };
    this.board.note({ model: { ...model, backend, threads } });
  }

  private ensureLink(): WorkerLink {
    this.link ??= this.newLink(this.setup.backend === 'server' ? this.remote() : this.spawn());
    return this.link;
  }

  private newLink(worker: WorkerLike): WorkerLink {
    const link: WorkerLink = new WorkerLink(worker, {
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
    this.setup = START;
    this.contest.disturb();
    if (!this.hasRun) {
      this.turnToServer();
      if (this.decoder) this.comeback.begin(this.decoder);
      return;
    }
    this.hasRun = false;
    if (this.decoder) this.fail('modelStage', error);
    if (this.image) this.fail('imageStage', error);
  }

  /** Moves to another worker; the old one answers what it has been asked, then ends. */
  private async adopt({ link, info }: Winner, signal: AbortSignal): Promise<boolean> {
    const { image } = this;
    const opened = !image || (await opens(link, image));
    if (!opened || signal.aborted || image !== this.image) {
      link.terminate(abortError('The comparison ended.'));
      return false;
    }
    this.link?.retire();
    this.link = link;
    this.hasRun = true;
    this.setup = info;
    this.board.note({ model: info });
    this.prefetch(this.ahead);
    this.lookAgain();
    return true;
  }
}

const cropUrl = (embeddingUrl: string, crop: Xywh): string => `${embeddingUrl}?crop=${crop.join(',')}`;

function isSame(a: DecoderSource, b: DecoderSource): boolean {
  const isSameFiles = a.decoder.imageUrl === b.decoder.imageUrl && a.decoder.clickUrl === b.decoder.clickUrl;
  return isSameFiles && a.inputSide === b.inputSide;
}

/** Whether the worker has the image. */
function opens(link: WorkerLink, { embeddingUrl }: OpenImage): Promise<boolean> {
  return link.call('open', { embeddingUrl }).then(
    () => true,
    () => false,
  );
}

function spawnWorker(): WorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'inference' });
}

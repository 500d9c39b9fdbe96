/** The loaded decoder in the worker: warmed up, pointed at one image, timed, and put back on WASM when the GPU fails. */
import { type Candidate, type CropRequest, MASK_TOKENS } from '../geometry/decoding';
import { resampleLogits } from '../geometry/resample';
import { candidatesOf } from './candidates';
import type { DecoderFiles } from './decoderFiles';
import { decodeFloat16 } from './float16';
import { encodePrompts } from './prompts';
import type { BenchmarkResult, Setup } from './protocol';
import type { DecoderSession, SeenImage, StartSession } from './runtime';
import { Serial } from './serial';
import { timedClick, trialClick, trialEmbedding } from './trial';

/** Told apart by identity. */
export interface EmbeddedImage {
  /** (256, 64, 64) half floats, flattened. */
  readonly embedding: Uint16Array;
}

export interface ModelOptions extends Setup {
  readonly files: DecoderFiles;
  readonly inputSide: number;
  readonly start: StartSession;
}

export class Model {
  /** The runtime does one thing at a time. */
  private readonly serial = new Serial();
  private wanted: EmbeddedImage | null = null;
  /** One image only: the image part's outputs are tens of megabytes, and made again in a moment. */
  private seen: { readonly image: EmbeddedImage; readonly view: SeenImage } | null = null;

  private constructor(
    private readonly inputSide: number,
    private session: DecoderSession,
    /** What to go on with when a GPU fails; null where there is nothing else. */
    private spare: (() => Promise<DecoderSession>) | null,
  ) {}

  static async load({ files, backend, threads, inputSide, start }: ModelOptions): Promise<Model> {
    const session = await start(files, backend, threads);
    const spare = backend === 'webgpu' ? () => start(files, 'wasm', 1) : null;
    const model = new Model(inputSide, session, spare);
    await model.warmUp();
    return model;
  }

  get setup(): Setup {
    const { backend, threads } = this.session;
    return { backend, threads };
  }

  /** Runs the image part, so that the first click is as fast as the next. An image overtaken by another is passed over. */
  look(image: EmbeddedImage): Promise<void> {
    this.wanted = image;
    return this.serial.run(async () => {
      if (this.wanted === image) await this.survive(() => this.see(image));
    });
  }

  decode(image: EmbeddedImage, request: CropRequest): Promise<readonly Candidate[]> {
    const { inputSide } = this;
    const { prompts, crop, tokens = MASK_TOKENS } = request;
    const points = encodePrompts(prompts, crop, inputSide);
    const prior = request.prior && resampleLogits(request.prior, crop);
    return this.serial.run(async () => {
      const outputs = await this.survive(async () => {
        const view = await this.see(image);
        return await view.click({ points, prior, tokens });
      });
      return candidatesOf(outputs, { tokens, inputSide, crop });
    });
  }

  /** A click on a made-up image; a real one may come in between. */
  async benchmark(): Promise<BenchmarkResult> {
    const view = await this.serial.run(() => this.session.see(trialEmbedding()));
    try {
      return await this.serial.run(() => timedClick(view, trialClick(this.inputSide)));
    } finally {
      view.dispose();
    }
  }

  release(): Promise<void> {
    return this.serial.run(async () => {
      this.forget();
      await this.session.release();
    });
  }

  /** The first run is slow: memory is laid out, shaders are compiled. A second one would only keep a person waiting. */
  private async warmUp(): Promise<void> {
    const view = await this.session.see(trialEmbedding());
    await view.click(trialClick(this.inputSide));
    view.dispose();
  }

  private async see(image: EmbeddedImage): Promise<SeenImage> {
    if (this.seen?.image === image) return this.seen.view;
    this.forget();
    const view = await this.session.see(decodeFloat16(image.embedding));
    this.seen = { image, view };
    return view;
  }

  private forget(): void {
    this.seen?.view.dispose();
    this.seen = null;
  }

  /** A GPU can vanish under the page (driver reset, sleep), and what it knew of the image with it. The click is answered. */
  private async survive<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!this.spare) throw error;
      this.seen = null;
      this.session = await this.spare();
      this.spare = null;
      return await work();
    }
  }
}

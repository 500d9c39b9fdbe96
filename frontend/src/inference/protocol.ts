/** What page and worker say to each other. Every request carries an id and gets exactly one reply with the same id. */
import type { Candidate, CropRequest, FullMask, MaskLogits } from '../geometry/decoding';
import type { Size } from '../geometry/types';
import type { Failure } from './failure';
import type { Backend, DecoderSource, ModelInfo } from './types';

/** What a model runs on. */
export interface Setup {
  readonly backend: Backend;
  readonly threads: number;
}

export interface LoadArgs extends DecoderSource, Setup {}

export interface BenchmarkResult {
  /** One click on a made-up image. */
  readonly ms: number;
  /** What the model said, (4,) and some of the logits: tells a backend that computes wrongly. */
  readonly predictedIous: readonly number[];
  readonly logits: readonly number[];
}

export interface OpenResult {
  /** Fetching the embedding, and the decoder's first look at it. */
  readonly ms: number;
  /** The embedding was in the worker already. */
  readonly cached: boolean;
}

export interface DecodeArgs extends CropRequest {
  readonly embeddingUrl: string;
}

export interface DecodeResult {
  readonly candidates: readonly Candidate[];
  readonly ms: number;
  /** Not what the model was loaded on, where a GPU has failed since. */
  readonly ranOn: Setup;
}

export interface FullMaskArgs {
  readonly mask: MaskLogits;
  readonly imageSize: Size;
}

/** Every request by its name: what it takes and what it gives back. */
export interface Calls {
  load: { args: LoadArgs; result: ModelInfo };
  benchmark: { args: null; result: BenchmarkResult };
  open: { args: { readonly embeddingUrl: string }; result: OpenResult };
  /** Holds the embedding of one crop of the open image, and those of the `kept` crops that are there. Null: of no other. */
  focus: {
    args: { readonly embeddingUrl: string | null; readonly kept: readonly string[] };
    result: null;
  };
  /** Replaces the list of embeddings to fetch ahead. */
  prefetch: { args: { readonly embeddingUrls: readonly string[] }; result: null };
  decode: { args: DecodeArgs; result: DecodeResult };
  fullMask: { args: FullMaskArgs; result: FullMask };
}

export type CallName = keyof Calls;

export type Request = {
  [Name in CallName]: { readonly id: number; readonly name: Name; readonly args: Calls[Name]['args'] };
}[CallName];

export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: Calls[CallName]['result'] }
  | { readonly id: number; readonly ok: false; readonly failure: Failure };

/** Unasked: how far a download has come, 0 to 1, or null where its length is not known. */
export interface Progress {
  readonly progress: { readonly of: 'model' | 'embedding'; readonly fraction: number | null };
}

export type FromWorker = Reply | Progress;

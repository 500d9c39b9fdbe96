/** The public words of the inference layer. What is asked and answered is in `geometry/decoding`. */
import type { Size } from '../geometry/types';

export type Urgency = 'preview' | 'click';

/** An image to work on. `embeddingUrl` carries no `urgency`; the layer adds it. */
export interface OpenImage {
  readonly imageId: number;
  readonly embeddingUrl: string;
  readonly imageSize: Size;
}

export type Backend = 'wasm' | 'webgpu';

/** What the model runs on, once it is loaded. */
export interface ModelInfo {
  readonly backend: Backend;
  readonly threads: number;
  /** From the request for the decoder to the end of the warm-up. */
  readonly loadMs: number;
}

export type Phase = 'idle' | 'loading-model' | 'loading-embedding' | 'ready' | 'decoding' | 'error';

/** What the model is doing, for a status line. A new object at every change: fit for `useSyncExternalStore`. */
export interface InferenceStatus {
  readonly phase: Phase;
  readonly model: ModelInfo | null;
  /** The image asked for last, ready or not. */
  readonly imageId: number | null;
  /** Fraction of the file that is being loaded, 0 to 1, or null where its length is not known. */
  readonly progress: number | null;
  /** How long the open image's embedding took, and whether it was already in the worker. */
  readonly embedding: { readonly ms: number; readonly cached: boolean } | null;
  readonly lastDecodeMs: number | null;
  /** A sentence for a person, in phase `error` only. */
  readonly error: string | null;
}

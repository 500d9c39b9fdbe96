/** The public words of the inference layer. What is asked and answered is in `geometry/decoding`. */
import type { Xywh } from '../geometry/box';
import type { Size } from '../geometry/types';
import type { Message } from '../i18n/message';

export type Urgency = 'preview' | 'click';

/** A decoder, as two ONNX files: what runs once for each image, and what runs for each prompt. */
export interface DecoderSource {
  readonly decoder: { readonly imageUrl: string; readonly clickUrl: string };
  /** Side of the model's square input, in its pixels. */
  readonly inputSide: number;
}

/** An image to work on. `embeddingUrl` carries no `urgency`; the layer adds it. */
export interface OpenImage {
  readonly imageId: number;
  readonly embeddingUrl: string;
  readonly imageSize: Size;
}

/** `server`: this browser cannot run the model. */
export type Backend = 'wasm' | 'webgpu' | 'server';

/** What the model runs on, once it is loaded. */
export interface ModelInfo {
  readonly backend: Backend;
  readonly threads: number;
  /** From the request for the decoder to the end of the warm-up, the open image included. */
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
  /** How long the open image took to be ready for clicks, and whether its embedding was already in the worker. */
  readonly embedding: { readonly ms: number; readonly cached: boolean } | null;
  readonly lastDecodeMs: number | null;
  /** The crop that is looked at closely. Until it is `ready`, and where it has `failed`, the whole image is decoded. */
  readonly focus: { readonly crop: Xywh; readonly state: 'loading' | 'ready' | 'failed' } | null;
  /** In phase `error` only. */
  readonly error: Message | null;
}

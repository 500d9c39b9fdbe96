/**
 * The public words of the inference layer. Prompts, candidates and requests mirror the editor's `Decoder` port field by
 * field: the editor depends on the port, this layer fits it by structure, and neither imports the other.
 */
import type { Box, Rle, Size } from '../geometry/types';

export type Prompt =
  | { readonly kind: 'point'; readonly x: number; readonly y: number; readonly label: 0 | 1 }
  | { readonly kind: 'box'; readonly box: Box };

export type MaskToken = 0 | 1 | 2 | 3;

/** One mask that the decoder proposes. `logits` is 256x256 row-major; the image lies in its top-left corner. */
export interface Candidate {
  readonly token: MaskToken;
  readonly logits: Float32Array;
  readonly predictedIou: number;
  /** IoU of the mask cut at logits +1 and -1, over the part of the grid that holds image. */
  readonly stability: number;
  /** Grid cells above 0, over the part of the grid that holds image. */
  readonly gridArea: number;
}

export interface DecodeRequest {
  readonly prompts: readonly Prompt[];
  readonly imageSize: Size;
  /** Chosen logits of the previous round, 256x256, or null. Copied, never taken away from the caller. */
  readonly prior: Float32Array | null;
}

export type Urgency = 'preview' | 'click';

export interface FullMask {
  readonly segmentation: Rle;
  /** XYWH in image pixels. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area: number;
}

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

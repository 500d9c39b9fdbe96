/**
 * What the editor asks of the model. The inference layer implements `Decoder`; tests implement it with a fake.
 * The editor never sees a tensor, a worker or a network.
 */
import type { Box, Rle, Size } from '../geometry/types';

export interface PointPrompt {
  readonly kind: 'point';
  readonly x: number;
  readonly y: number;
  /** 1 takes the object, 0 leaves the background out. */
  readonly label: 0 | 1;
}

export interface BoxPrompt {
  readonly kind: 'box';
  readonly box: Box;
}

export type Prompt = PointPrompt | BoxPrompt;

/**
 * The mask tokens by their place in the model's output. `single` is the unambiguous answer; the other three answer one
 * ambiguous prompt. The ladder names them whole, part and subpart by falling area.
 */
export const MASK_TOKENS = ['single', 'multi1', 'multi2', 'multi3'] as const;

/** One of the masks that the decoder proposes for a set of prompts. */
export interface Candidate {
  /** Index of the mask token, 0 (single) to 3. */
  readonly token: 0 | 1 | 2 | 3;
  /** Logits on the model's grid, 256x256 row-major; the image lies in its top-left corner, the rest is padding. */
  readonly logits: Float32Array;
  readonly predictedIou: number;
  /** IoU of the mask cut at logits -1 and +1. */
  readonly stability: number;
  /** Pixels of the grid above 0: the order of the ladder. */
  readonly gridArea: number;
}

export interface DecodeRequest {
  readonly prompts: readonly Prompt[];
  /** The image's size in pixels: prompts are scaled by it. */
  readonly imageSize: Size;
  /** Chosen logits of the previous round, 256x256, or null: the mask prompt. */
  readonly prior: Float32Array | null;
}

/** A mask at the image's full size, ready to be stored. */
export interface FullMask {
  readonly segmentation: Rle;
  /** XYWH, as COCO stores it. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area: number;
}

export interface Decoder {
  /**
   * Decodes one set of prompts into four candidates, in token order. A `preview` that is overtaken by a newer
   * request, of either kind, resolves to null and costs nothing; a `click` is always answered.
   */
  decode(request: DecodeRequest, urgency: 'preview' | 'click'): Promise<readonly Candidate[] | null>;
  /** Upsamples logits to the image (crop the padding, bilinear, threshold at 0) and encodes them. */
  toFullMask(logits: Float32Array, imageSize: Size): Promise<FullMask>;
}

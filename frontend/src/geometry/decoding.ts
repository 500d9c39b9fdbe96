/** What is asked of a mask decoder, and what it answers: the words that editor, inference and render share. */
import type { Xywh } from './box';
import type { Box, Rle, Size } from './types';

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
 * The mask tokens by their place in the model's output. 0 is the single, unambiguous answer; the other three answer one
 * ambiguous prompt. The ladder names them whole, part and subpart by falling area.
 */
export const MASK_TOKENS = [0, 1, 2, 3] as const;

export type MaskToken = (typeof MASK_TOKENS)[number];

/** A mask on the model's grid, and what must be known to bring it to the image. */
export interface MaskLogits {
  /** 256x256 row-major; the crop lies in the top-left corner, the rest is padding. Above 0 is mask. */
  readonly logits: Float32Array;
  /** Side of the model's square input, in its pixels, which the grid covers: 1024 for most networks. */
  readonly inputSide: number;
  /** The part of the image that the model saw, in whole pixels of the image; outside it there is no mask. */
  readonly crop: Xywh;
}

/** One of the masks that the decoder proposes for a set of prompts. */
export interface Candidate extends MaskLogits {
  readonly token: MaskToken;
  readonly predictedIou: number;
  /** IoU of the mask cut at logits +1 and -1, over the part of the grid that holds the crop. */
  readonly stability: number;
  /** Cells above 0 in the part of the grid that holds the crop: the order of the ladder. */
  readonly gridArea: number;
}

export interface DecodeRequest {
  readonly prompts: readonly Prompt[];
  /** The image's size in pixels, in which prompts are given whatever the model sees of it. */
  readonly imageSize: Size;
  /** The mask prompt: the chosen mask of the previous round, of any crop, or null. Copied, never taken from the caller. */
  readonly prior: MaskLogits | null;
  /** Which masks are wanted, rising; all four where absent. Each one left out saves time. */
  readonly tokens?: readonly MaskToken[];
}

/** A request for which it is settled what part of the image the model sees: its answer is a mask of that crop. */
export interface CropRequest extends DecodeRequest {
  readonly crop: Xywh;
}

/** A mask at the image's full size, ready to be stored. */
export interface FullMask {
  readonly segmentation: Rle;
  readonly bbox: Xywh;
  readonly area: number;
}

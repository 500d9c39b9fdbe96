/**
 * Everything the renderer draws, as plain values. A scene is cheap to build on every change: masks are compared by the
 * identity of their `segmentation`, logits by the identity of their array.
 */
import type { MaskLogits, Prompt } from '../geometry/decoding';
import type { Box, Rle, Size } from '../geometry/types';
import type { Viewport } from '../geometry/viewport';

export interface SceneMask {
  readonly id: string;
  readonly segmentation: Rle;
  /** XYWH in image pixels. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  readonly area: number;
  /** `#rrggbb` */
  readonly color: string;
}

/** The mask in the making; upsampled and cut at 0 by the full-mask rule, in the shader. */
export interface SceneCandidate extends MaskLogits {
  readonly color: string;
  /** A preview is drawn lighter than a mask that a click has fixed. */
  readonly preview: boolean;
}

export interface Scene {
  readonly imageSize: Size;
  /** In CSS pixels of the canvas. */
  readonly view: Viewport;
  readonly masks: readonly SceneMask[];
  readonly hoveredId: string | null;
  readonly selectedId: string | null;
  /** Masks in the making, the lowest first. */
  readonly candidates: readonly SceneCandidate[];
  readonly marks: readonly Prompt[];
  /** The box that is being dragged, image pixels. */
  readonly dragBox: Box | null;
  /** Image pixel under the pointer, where a crosshair is wanted. */
  readonly crosshair: { readonly x: number; readonly y: number } | null;
}

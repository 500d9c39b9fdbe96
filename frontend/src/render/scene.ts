/**
 * Everything the renderer draws, as plain values. A scene is cheap to build on every change: masks are compared by the
 * identity of their `segmentation`, logits by the identity of their array, sets and lists of masks by their own.
 */
import type { Xywh } from '../geometry/box';
import type { MaskLogits, Prompt } from '../geometry/decoding';
import type { Box, Point, Rle, Size } from '../geometry/types';
import type { Viewport } from '../geometry/viewport';

/** A stored mask's pixels. */
export interface SceneShape {
  readonly segmentation: Rle;
  /** XYWH in image pixels; holds the whole mask. */
  readonly bbox: Xywh;
}

export interface SceneMask extends SceneShape {
  readonly id: string;
  readonly area: number;
  /** `#rrggbb` */
  readonly color: string;
  /** Drawn by rising layer, then by falling area. */
  readonly layer: number;
  /** A locked mask is hatched, a proposal is dashed: told apart without colour. */
  readonly isLocked?: boolean;
  readonly isProposal?: boolean;
}

interface CandidateLook {
  readonly color: string;
  /** A preview is drawn lighter than a mask that a click has fixed. */
  readonly preview: boolean;
}

/** The mask in the making; upsampled and cut at its threshold by the full-mask rule, in the shader. */
export interface SceneCandidate extends MaskLogits, CandidateLook {}

/** A mask in the making that is there at full size already. */
export interface SceneFullCandidate extends SceneShape, CandidateLook {}

export type DraftOperation = 'add' | 'subtract' | 'intersect';

/** A disc of a brush, image pixels. */
export interface SceneDab extends Point {
  readonly radius: number;
}

export interface SceneStroke {
  /** Grows at its end while the hand moves: what is drawn already is not drawn again. */
  readonly dabs: readonly SceneDab[];
  readonly operation: DraftOperation;
}

export interface SceneRings {
  /** Image pixels; filled by the even-odd rule. */
  readonly rings: readonly (readonly Point[])[];
  /** An open ring is a path that is still being drawn: its last ring has no line back to the start. */
  readonly isClosed: boolean;
  readonly showsVertices: boolean;
  readonly activeVertex: { readonly ring: number; readonly index: number } | null;
  readonly operation: DraftOperation;
}

/** A mask while a stroke, a polygon or a lasso changes it: base, then the stroke, then the rings. */
export interface SceneDraft {
  readonly base: SceneShape | MaskLogits | null;
  readonly stroke: SceneStroke | null;
  readonly rings: SceneRings | null;
  readonly color: string;
}

/** How the photo is shown. 0 changes nothing for brightness and contrast (-1 to 1), 1 for gamma (above 0). */
export interface PhotoAdjustments {
  readonly brightness: number;
  readonly contrast: number;
  readonly gamma: number;
}

export interface Scene {
  readonly imageSize: Size;
  /** In CSS pixels of the canvas. */
  readonly view: Viewport;
  readonly adjustments: PhotoAdjustments;
  readonly masks: readonly SceneMask[];
  readonly hiddenIds: ReadonlySet<string>;
  /** Opacity of the fill of accepted masks, 0 to 1. */
  readonly maskOpacity: number;
  /** No fills, of accepted masks and of those in the making. */
  readonly outlineOnly: boolean;
  readonly hoveredId: string | null;
  readonly selection: readonly string[];
  /** Masks in the making, the lowest first. */
  readonly candidates: readonly (SceneCandidate | SceneFullCandidate)[];
  readonly draft: SceneDraft | null;
  readonly marks: readonly Prompt[];
  /** The box that is being dragged, image pixels. */
  readonly dragBox: Box | null;
  /** Image pixel under the pointer, where a crosshair is wanted. */
  readonly crosshair: Point | null;
  /** The brush under the pointer, image pixels. */
  readonly cursor: SceneDab | null;
}

/** The parts of a scene that a page may leave as they are. */
export const PLAIN_SCENE = {
  adjustments: { brightness: 0, contrast: 0, gamma: 1 },
  masks: [],
  hiddenIds: new Set<string>(),
  maskOpacity: 0.32,
  outlineOnly: false,
  hoveredId: null,
  selection: [],
  candidates: [],
  draft: null,
  marks: [],
  dragBox: null,
  crosshair: null,
  cursor: null,
} as const satisfies Omit<Scene, 'imageSize' | 'view'>;

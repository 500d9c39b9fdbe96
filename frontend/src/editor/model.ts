/** The editor's nouns: plain, immutable values. Everything here can be compared by identity to see whether it changed. */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import type { Box, Point } from '../geometry/types';

export interface Category {
  readonly id: number;
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
}

/** Which networks make the masks of this editor: digests of the files, and what they can be asked with. */
export interface ModelVersion {
  readonly encoderDigest: string;
  readonly decoderDigest: string;
  /** False for a network that was trained on boxes only: what it says to a point is worthless. */
  readonly takesPoints: boolean;
}

export type PromptRecord =
  | {
      readonly kind: 'point';
      readonly x: number;
      readonly y: number;
      readonly label: 0 | 1;
      readonly at_ms: number;
    }
  | ({ readonly kind: 'box'; readonly at_ms: number } & Box);

/**
 * How a mask came about. It is stored and exported as it is, so its fields carry the names of the stored record.
 * `at_ms` counts whole milliseconds from the start of the mask, `seconds` from there to Accept.
 */
export interface Provenance {
  readonly source: 'model';
  readonly encoder_digest: string;
  readonly decoder_digest: string;
  readonly prompts: PromptRecord[];
  readonly token: number;
  readonly predicted_iou: number;
  readonly stability: number;
  readonly seconds: number;
}

/** One accepted mask. */
export interface Annotation {
  /** UUID, made by the client. */
  readonly id: string;
  readonly categoryId: number | null;
  readonly mask: FullMask;
  readonly provenance: Provenance;
  /** The server's version; 0 while the server has not acknowledged the annotation. */
  readonly version: number;
}

export type AnnotationChanges = Partial<Pick<Annotation, 'categoryId' | 'mask' | 'provenance'>>;

/**
 * What the outbox sends. Versions are those that the editor knew at that moment: 0, or behind, while an earlier change
 * of the same annotation is not acknowledged; changes of one annotation must reach the server in order.
 */
export type Change =
  | { readonly kind: 'create'; readonly annotation: Annotation }
  | {
      readonly kind: 'update';
      readonly id: string;
      readonly changes: AnnotationChanges;
      readonly baseVersion: number;
    }
  | { readonly kind: 'delete'; readonly id: string; readonly version: number };

/** What the page knows of the model; the editor adds what it asks of the model itself. */
export type ModelState =
  | { readonly phase: 'loading-model' | 'loading-embedding' | 'ready' }
  | { readonly phase: 'error'; readonly message: string };

export interface Status {
  readonly phase: 'loading-model' | 'loading-embedding' | 'ready' | 'decoding' | 'error';
  /** Why the phase is `error`, or why the last command was refused (phase `ready`); gone with the next action. */
  readonly message: string | null;
  /** How long the last click or box took to decode. */
  readonly lastDecodeMs: number | null;
}

export type RungName = 'single' | 'whole' | 'part' | 'subpart';

/** One rung of the ambiguity ladder. */
export interface Rung {
  readonly name: RungName;
  readonly candidate: Candidate;
}

/** The mask in the making. */
export interface MakingView {
  /** In the order in which they were given; at most one box. */
  readonly prompts: readonly Prompt[];
  /** `queued`: the embedding is not there yet. `failed`: see the status; Accept or Retry asks again. */
  readonly state: 'queued' | 'decoding' | 'shown' | 'failed';
  /** What to draw: the chosen mask, or that of the prompts before while newer ones are not answered; null before any. */
  readonly shown: Candidate | null;
  /** Single (from the second prompt or a box on), whole, part, subpart; empty unless `state` is `shown`. */
  readonly ladder: readonly Rung[];
  /** Index into `ladder`; -1 when it is empty. */
  readonly chosen: number;
}

/** An accepted mask whose full-size mask is not there yet: drawn like an annotation, from its logits. */
export interface AcceptingView {
  readonly id: string;
  readonly categoryId: number | null;
  readonly shown: Candidate | null;
}

/** The mask that a click at `point` would give. */
export interface PreviewView {
  readonly point: Point;
  readonly candidate: Candidate;
}

export interface ToolView {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  /** The box that is being dragged. */
  readonly dragBox: Box | null;
}

/** Everything there is to see. A new object at every change; parts that did not change keep their identity. */
export interface EditorSnapshot {
  /** In the order of acceptance. */
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  /** The category of the next mask. */
  readonly categoryId: number | null;
  readonly selectedId: string | null;
  readonly hoveredId: string | null;
  readonly tool: ToolView;
  /** Null while there is no prompt. */
  readonly making: MakingView | null;
  readonly accepting: readonly AcceptingView[];
  readonly preview: PreviewView | null;
  /** Whether the model can be asked with points; boxes it always takes. */
  readonly takesPoints: boolean;
  readonly status: Status;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A pointer event over the canvas, free of the DOM. Pan and zoom never reach the editor. */
export interface PointerInput extends Point {
  readonly button: 'primary' | 'secondary';
  readonly alt: boolean;
  readonly shift: boolean;
  /** Screen (CSS) pixels per image pixel: small movements of the hand are measured on the screen. */
  readonly scale: number;
}

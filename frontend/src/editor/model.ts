/** The editor's nouns: plain, immutable values. Everything here can be compared by identity to see whether it changed. */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import type { Ring } from '../geometry/rings';
import type { Dab } from '../geometry/stroke';
import type { Box, Point } from '../geometry/types';
import type { Message } from '../i18n/message';
import type { CrosshairView } from './crosshair';

/** What the annotations of a category can say beside the mask; null or left out: no bound, no default. */
export type AttributeDef = { readonly name: string } & (
  | { readonly kind: 'text'; readonly default?: string | null }
  | {
      readonly kind: 'number';
      readonly minimum?: number | null;
      readonly maximum?: number | null;
      readonly default?: number | null;
    }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default?: string | null }
  | { readonly kind: 'checkbox'; readonly default?: boolean | null }
);

export type AttributeValue = string | number | boolean;

export interface Category {
  readonly id: number;
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  readonly attributes: readonly AttributeDef[];
}

/** Which networks make the masks of this editor: digests of the files, and what they can be asked with. */
export interface ModelVersion {
  readonly encoderDigest: string;
  readonly decoderDigest: string;
  /** Side of the square that the encoder sees, in its pixels. */
  readonly inputSide: number;
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

/** One change of a mask by hand: what with, how many pixels it changed, and when. */
export interface Edit {
  readonly kind:
    | 'brush'
    | 'eraser'
    | 'polygon'
    | 'lasso'
    | 'vertices'
    | 'fill_holes'
    | 'drop_islands'
    | 'keep_largest'
    | 'smooth'
    | 'merge'
    | 'split'
    | 'overlap'
    | 'copy';
  readonly pixels: number;
  readonly at_ms: number;
}

/** A mask of the model's, and what was changed of it by hand afterwards. */
export interface ModelProvenance {
  readonly source: 'model';
  readonly encoder_digest: string;
  readonly decoder_digest: string;
  readonly prompts: PromptRecord[];
  readonly token: number;
  readonly predicted_iou: number;
  readonly stability: number;
  /** The logit that the mask was cut at. */
  readonly threshold: number;
  readonly edits: Edit[];
  readonly seconds: number;
}

/** A mask made without a model. */
export interface ManualProvenance {
  readonly source: 'manual';
  readonly edits: Edit[];
  readonly seconds: number;
}

/** A mask that came in a file called `name`. */
export interface ImportProvenance {
  readonly source: 'import';
  readonly name: string;
  readonly edits: Edit[];
}

/**
 * How a mask came about. It is stored and exported as it is, so its fields carry the names of the stored record.
 * `at_ms` counts whole milliseconds from the start of the mask, `seconds` from there to Accept.
 */
export type Provenance = ModelProvenance | ManualProvenance | ImportProvenance;

/** One accepted mask. */
export interface Annotation {
  /** UUID, made by the client. */
  readonly id: string;
  readonly categoryId: number | null;
  readonly mask: FullMask;
  /** By the name of the attribute; those that its category does not define are refused by the server. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** The whole that this mask is a part of: an annotation of the same image. */
  readonly parentId: string | null;
  /** Drawn by rising layer, then by falling area. */
  readonly layer: number;
  readonly provenance: Provenance;
  /** The server's version; 0 while the server has not acknowledged the annotation. */
  readonly version: number;
}

export type AnnotationChanges = Partial<Omit<Annotation, 'id' | 'version'>>;

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
      /** The annotation with these changes. */
      readonly after: Annotation;
      readonly baseVersion: number;
    }
  | { readonly kind: 'delete'; readonly id: string; readonly version: number };

/** What the page knows of the model; the editor adds what it asks of the model itself. */
export type ModelState =
  | { readonly phase: 'loading-model' | 'loading-embedding' | 'ready' }
  | { readonly phase: 'error'; readonly message: Message };

export interface Status {
  readonly phase: 'loading-model' | 'loading-embedding' | 'ready' | 'decoding' | 'error';
  /** Why the phase is `error`, or why the last command was refused (phase `ready`); gone with the next action. */
  readonly message: Message | null;
  /** How long the last click or box took to decode. */
  readonly lastDecodeMs: number | null;
}

export type RungName = 'single' | 'whole' | 'part' | 'subpart';

/** One rung of the ambiguity ladder. */
export interface Rung {
  readonly name: RungName;
  readonly candidate: Candidate;
}

/** A mask that is not accepted yet: the model's, or one that was painted or is taken up again. */
export type MakingMask =
  | { readonly kind: 'logits'; readonly candidate: Candidate }
  | { readonly kind: 'full'; readonly mask: FullMask };

/** The mask in the making. */
export interface MakingView {
  /** In the order in which they were given; at most one box. */
  readonly prompts: readonly Prompt[];
  /**
   * `queued`: the embedding is not there yet. `edited`: painted, or taken up again and not changed yet. `failed`: see the
   * status; Accept or Retry asks again.
   */
  readonly state: 'queued' | 'decoding' | 'shown' | 'edited' | 'failed';
  /** What to draw: the chosen mask, or that of the step before while newer prompts are not answered; null before any. */
  readonly shown: MakingMask | null;
  /** An edit that waits for the model's answer, drawn over what is shown. */
  readonly draft: ToolDraft | null;
  /** Single (from the second prompt or a box on), whole, part, subpart; empty unless `state` is `shown`. */
  readonly ladder: readonly Rung[];
  /** Index into `ladder`; -1 when it is empty. */
  readonly chosen: number;
  /** Those of the ladder, and of ladders before, that are accepted beside the mask that is shown. */
  readonly kept: readonly { readonly candidate: Candidate }[];
  /** The logit that the model's masks are cut at: the higher, the tighter. */
  readonly threshold: number;
  /** Whether the mask that is shown can be cut at another one. */
  readonly canCut: boolean;
  /** The annotation that this mask will replace: not drawn meanwhile. Null for a new one. */
  readonly refines: string | null;
}

/** How the model is asked. */
export interface PromptingSettings {
  /** Whether the mask under the pointer is shown before a click. */
  readonly previews: boolean;
  /** Whether each box begins an object of its own, as it does with Mod held. */
  readonly boxEach: boolean;
}

/** An accepted mask whose full-size mask is not there yet: drawn like an annotation, from its logits. */
export interface AcceptingView {
  readonly id: string;
  readonly categoryId: number | null;
  readonly shown: MakingMask | null;
}

/** The mask that a click at `point` would give. */
export interface PreviewView {
  readonly point: Point;
  readonly candidate: Candidate;
}

/** What rings do to a mask: `new` begins another one. */
export type RingOperation = 'add' | 'subtract' | 'intersect' | 'new';

/** What a gesture that is under way draws. */
export type ToolDraft =
  | { readonly kind: 'box'; readonly box: Box }
  | {
      readonly kind: 'stroke';
      /** Grows at its end while the hand moves; dabs keep their identity. */
      readonly dabs: readonly Dab[];
      readonly operation: 'add' | 'subtract';
    }
  | {
      readonly kind: 'rings';
      readonly rings: readonly Ring[];
      /** False of a path that is still being drawn. */
      readonly isClosed: boolean;
      readonly showsVertices: boolean;
      readonly activeVertex: { readonly ring: number; readonly index: number } | null;
      /** `replace`: the rings stand for the mask. */
      readonly operation: RingOperation | 'replace';
    };

export interface ToolView {
  readonly id: string;
  readonly state: string;
  readonly draft: ToolDraft | null;
  /** Of the round tip of the tool, image pixels; null where it has none. */
  readonly tipRadius: number | null;
}

/** What happens where a mask meets another one: nothing, it gives way, or it takes the pixels. */
export type OverlapRule = 'off' | 'yield' | 'bite';

/** How masks are changed by hand. Sizes are image pixels. */
export interface EditingSettings {
  /** Diameter. */
  readonly brushSize: number;
  /** Of polygon and lasso. */
  readonly operation: RingOperation;
  /** How far the vertices that are shown may miss the outline of the mask. */
  readonly tolerance: number;
  readonly overlaps: OverlapRule;
  /** Area of the largest hole that is filled. */
  readonly holeArea: number;
  /** Area of the smallest part that is kept. */
  readonly islandArea: number;
  /** How many parts are kept. */
  readonly partCount: number;
  readonly smoothRadius: number;
}

/** A step through the history. */
export interface Walked {
  readonly way: 'undo' | 'redo';
}

/** Everything there is to see. A new object at every change; parts that did not change keep their identity. */
export interface EditorSnapshot {
  /** In the order of acceptance. */
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  /** The category of the next mask. */
  readonly categoryId: number | null;
  /** Ids, in the order in which they were selected. */
  readonly selection: readonly string[];
  readonly hoveredId: string | null;
  /** Not drawn, for whatever reason. */
  readonly hidden: ReadonlySet<string>;
  /** Those of them that a person hid one by one. */
  readonly hiddenByHand: ReadonlySet<string>;
  readonly locked: ReadonlySet<string>;
  /** Whether only what is selected is shown. */
  readonly isSolo: boolean;
  /** What is deleted once a person says yes. */
  readonly toDelete: readonly string[];
  readonly tool: ToolView;
  readonly editing: EditingSettings;
  /** The annotation that an edit would change: the selected one, while there is no mask in the making. */
  readonly editedId: string | null;
  /** Null while there is no prompt. */
  readonly making: MakingView | null;
  /** What Accept takes beside it: other objects that were begun, and kept candidates. */
  readonly alongside: readonly MakingMask[];
  readonly prompting: PromptingSettings;
  readonly accepting: readonly AcceptingView[];
  readonly preview: PreviewView | null;
  /** Whether the model can be asked with points; boxes it always takes. */
  readonly takesPoints: boolean;
  readonly status: Status;
  /** The pointer of the keyboard; null while the mouse, a pen or a finger points. */
  readonly crosshair: CrosshairView | null;
  /** The last undo or redo: another object for each. */
  readonly walked: Walked | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A pointer event over the canvas, free of the DOM. Pan and zoom never reach the editor. */
export interface PointerInput extends Point {
  readonly button: 'primary' | 'secondary';
  readonly device: 'mouse' | 'pen' | 'touch';
  /** 0 to 1; 0.5 of a device that cannot tell. */
  readonly pressure: number;
  readonly alt: boolean;
  readonly shift: boolean;
  /** Control, or Command on a Mac. */
  readonly mod: boolean;
  /** Screen (CSS) pixels per image pixel: small movements of the hand are measured on the screen. */
  readonly scale: number;
}

/**
 * The headless editor of one image: no DOM, no framework, no tensor. Make one per image.
 *
 * For the UI. `new Editor({...})`, then `useSyncExternalStore(editor.subscribe, editor.getSnapshot)`. Hand pointer events
 * over in image coordinates (`pointerMove/Down/Up/Leave/Cancel`); keys go through `commandFor(chord, editor)?.run(editor)`
 * (commands.ts: `COMMANDS` is also the help page and the palette). Tell it what the model is doing with `setModelState`;
 * prompts given before `ready` wait and are decoded then. `onChange` is the stream of changes for the outbox;
 * `acknowledge` brings the server's versions back, `replaceAnnotation`/`removeAnnotation` its view of a stale edit.
 * Await `settled()` before the decoder is pointed at another image: an accepted mask may still be on its way.
 *
 * For the renderer. Draw from `getSnapshot()`: `annotations` (full masks), `accepting` (logits, drawn like annotations),
 * `making.shown` with `making.prompts`, `preview`, `tool.dragBox`, `selectedId`, `hoveredId`. `preview` is null as soon as
 * there is a prompt. All values are immutable: the same identity means nothing to redraw.
 */
import type { Size } from '../geometry/types';
import type {
  Annotation,
  Category,
  Change,
  EditorSnapshot,
  ModelState,
  ModelVersion,
  PointerInput,
} from './model';
import type { Decoder } from './ports';

export interface EditorOptions {
  readonly decoder: Decoder;
  readonly imageSize: Size;
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  /** The category of the first mask; the first of `categories` when left out. */
  readonly categoryId?: number | null;
  readonly model: ModelVersion;
  /** `loading-model` when left out. */
  readonly modelState?: ModelState;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** A new UUID. */
  readonly newId: () => string;
}

export interface EditorApi {
  readonly getSnapshot: () => EditorSnapshot;
  readonly subscribe: (listener: () => void) => () => void;
  /** Every change of the document, in order, for the outbox. */
  readonly onChange: (listener: (change: Change) => void) => () => void;

  pointerMove(input: PointerInput): void;
  pointerDown(input: PointerInput): void;
  pointerUp(input: PointerInput): void;
  pointerLeave(): void;
  /** The gesture was taken away: pointercancel, or lost capture. */
  pointerCancel(): void;

  accept(): void;
  cancel(): void;
  retry(): void;
  nextCandidate(): void;
  previousCandidate(): void;
  undo(): void;
  redo(): void;
  selectTool(id: string): void;
  select(id: string | null): void;
  selectNext(): void;
  selectPrevious(): void;
  /** Highlights, e.g. from a list of annotations. */
  hover(id: string | null): void;
  deleteSelected(): void;
  deleteAnnotation(id: string): void;
  recategorise(id: string, categoryId: number | null): void;
  /** Of the selected annotation if there is one, else of the next mask. */
  setCategory(id: number | null): void;

  setCategories(categories: readonly Category[]): void;
  setModelState(state: ModelState): void;
  acknowledge(id: string, version: number): void;
  /** The server's truth replaces ours, or is added; not in history, no change reported. */
  replaceAnnotation(annotation: Annotation): void;
  removeAnnotation(id: string): void;
  /** Resolves when no accepted mask is on its way to the document. */
  settled(): Promise<void>;
}

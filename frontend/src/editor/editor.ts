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
import { boxInImage, isInImage } from '../geometry/box';
import type { Prompt } from '../geometry/decoding';
import type { Point, Size } from '../geometry/types';
import { Document, type Patch } from './document';
import { History } from './history';
import { annotationAt } from './hitTest';
import { Hover } from './hover';
import { Listeners } from './listeners';
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
import { Session } from './session';
import { composeSnapshot } from './snapshot';
import { ToolMachine } from './tools/machine';
import { toolById, TOOLS } from './tools/registry';
import type { ToolContext } from './tools/tool';

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

const LOADING: ModelState = { phase: 'loading-model' };
const BOXES_ONLY = 'This model does not understand clicks: drag a box around the object.';

export class Editor {
  private readonly document: Document;
  private readonly history: History;
  private readonly session: Session;
  private readonly hovering: Hover;
  private readonly listeners = new Listeners<[]>();
  private readonly changes = new Listeners<[Change]>();
  private machine: ToolMachine;
  private modelState: ModelState;
  private categories: readonly Category[];
  private categoryId: number | null;
  private selectedId: string | null = null;
  private hoveredId: string | null = null;
  private snapshot: EditorSnapshot;
  private depth = 0;

  constructor(private readonly options: EditorOptions) {
    const { decoder, imageSize, now, newId, model, annotations, categories } = options;
    const access = { decoder, imageSize, now, transact: (change: () => void) => this.transact(change) };
    this.document = new Document(annotations, (change) => this.changes.emit(change));
    this.history = new History(this.document);
    this.session = new Session({ ...access, newId, model, commit: (annotation) => this.insert(annotation) });
    this.hovering = new Hover(access);
    this.modelState = options.modelState ?? LOADING;
    this.categories = categories;
    this.categoryId = options.categoryId === undefined ? (categories[0]?.id ?? null) : options.categoryId;
    this.machine = new ToolMachine(TOOLS[0], this.context());
    this.snapshot = this.compose(null);
  }

  // What there is to see, and to send.

  readonly getSnapshot = (): EditorSnapshot => this.snapshot;

  /** Returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  /** Every change of the document, in order, for the outbox. Returns the way to stop. */
  readonly onChange = (listener: (change: Change) => void): (() => void) => this.changes.add(listener);

  /** Resolves when no accepted mask is on its way to the document. */
  settled(): Promise<void> {
    return this.session.settled();
  }

  // The pointer, in image coordinates.

  pointerMove(input: PointerInput): void {
    this.transact(() => this.machine.dispatch('pointerMove', input));
  }

  pointerDown(input: PointerInput): void {
    this.act(() => this.machine.dispatch('pointerDown', input));
  }

  pointerUp(input: PointerInput): void {
    this.transact(() => this.machine.dispatch('pointerUp', input));
  }

  pointerLeave(): void {
    this.transact(() => this.machine.pointerLeave());
  }

  /** The gesture was taken away: pointercancel, or lost capture. Harmless when there is none. */
  pointerCancel(): void {
    this.transact(() => this.machine.cancel());
  }

  // The mask in the making.

  accept(): void {
    this.act(() => this.session.accept(this.categoryId));
  }

  /** Ends the gesture if there is one, else clears what the tool shows: the mask in the making, or the selection. */
  cancel(): void {
    this.act(() => {
      if (!this.machine.cancel()) this.machine.state.clear?.();
    });
  }

  /** Asks the model again after a failure. */
  retry(): void {
    this.act(() => this.session.retry());
  }

  nextCandidate(): void {
    this.act(() => this.session.making.walk(1));
  }

  previousCandidate(): void {
    this.act(() => this.session.making.walk(-1));
  }

  // History: inside the mask in the making first, then across accepted masks. Redo goes back the same way.

  undo(): void {
    this.act(() => {
      if (!this.session.undo()) this.history.undo();
    });
  }

  redo(): void {
    this.act(() => {
      if (this.history.canRedo) this.history.redo();
      else if (this.session.making.canRedo) this.redoPrompt();
    });
  }

  // Tools and annotations.

  /** Puts the tool in hand away, with the mask in the making (redo brings it back). */
  selectTool(id: string): void {
    const tool = toolById(id);
    if (tool === this.machine.tool) return;
    this.act(() => {
      this.session.clear();
      this.hovering.clear();
      this.selectedId = null;
      this.hoveredId = null;
      this.machine = new ToolMachine(tool, this.context());
    });
  }

  /** Selects an annotation, with the select tool in hand. */
  select(id: string | null): void {
    this.act(() => {
      if (id !== null) this.selectTool('select');
      this.selectedId = id;
    });
  }

  selectNext(): void {
    this.selectBy(1);
  }

  selectPrevious(): void {
    this.selectBy(-1);
  }

  /** Highlights an annotation, e.g. from a list. */
  hover(id: string | null): void {
    this.transact(() => (this.hoveredId = id));
  }

  deleteSelected(): void {
    if (this.snapshot.selectedId !== null) this.deleteAnnotation(this.snapshot.selectedId);
  }

  deleteAnnotation(id: string): void {
    this.commit([{ kind: 'delete', id }]);
  }

  recategorise(id: string, categoryId: number | null): void {
    this.commit([{ kind: 'update', id, changes: { categoryId } }]);
  }

  /** Of the selected annotation if there is one, else of the next mask. */
  setCategory(id: number | null): void {
    const { selectedId } = this.snapshot;
    if (selectedId !== null) this.recategorise(selectedId, id);
    else this.act(() => (this.categoryId = id));
  }

  // What comes from outside. None of it enters history or is reported as a change.

  setCategories(categories: readonly Category[]): void {
    this.transact(() => {
      this.categories = categories;
      if (!categories.some(({ id }) => id === this.categoryId)) this.categoryId = null;
    });
  }

  /**
   * Prompts given before `ready` are decoded then, and those that failed are asked again. On `error` accepted masks that
   * still wait for their answer come back, so that nobody waits for them; prompts stay.
   */
  setModelState(state: ModelState): void {
    const { phase: before } = this.modelState;
    if (state.phase === before && state.phase !== 'error') return;
    this.transact(() => {
      this.modelState = state;
      if (state.phase === 'error') this.session.failWaiting(state.message);
      if (state.phase === 'ready') this.resume();
      else if (before === 'ready') this.hovering.clear();
    });
  }

  /**
   * Another model takes over, between two masks: not while one is in the making or on its way (`isBetweenMasks`). What was
   * undone had its answers from the model before, and cannot be redone.
   */
  setModel(model: ModelVersion): void {
    if (!this.isBetweenMasks) throw new Error('The model cannot change while a mask is in the making.');
    this.transact(() => {
      this.session.model = model;
      this.session.making.forgetUndone();
      this.hovering.clear();
    });
  }

  get isBetweenMasks(): boolean {
    const { making, accepting } = this.snapshot;
    return making === null && accepting.length === 0;
  }

  /** The server has stored the annotation under this version. */
  acknowledge(id: string, version: number): void {
    this.transact(() => this.document.acknowledge(id, version));
  }

  /** The server's annotation replaces ours, or is added. */
  replaceAnnotation(annotation: Annotation): void {
    this.transact(() => this.document.replace(annotation));
  }

  /** The server no longer has the annotation. */
  removeAnnotation(id: string): void {
    this.transact(() => this.document.remove(id));
  }

  private compose(previous: EditorSnapshot | null): EditorSnapshot {
    const { categories, categoryId, selectedId, hoveredId, modelState, history, session, machine } = this;
    const { annotations } = this.document;
    return composeSnapshot(previous, {
      ...{ annotations, categories, categoryId, selectedId, hoveredId },
      ...{ modelState, history, session, hover: this.hovering, machine },
    });
  }

  private context(): ToolContext {
    const { imageSize } = this.options;
    return {
      addPrompt: (prompt) => this.addPrompt(prompt),
      clearPrompts: () => this.session.clear(),
      preview: (point) => this.preview(point),
      isInImage: (point) => isInImage(point, imageSize),
      insideImage: (box) => boxInImage(box, imageSize),
      annotationAt: (point) => annotationAt(this.document.annotations, point)?.id ?? null,
      highlight: (id) => (this.hoveredId = id),
      select: (id) => (this.selectedId = id),
    };
  }

  private addPrompt(prompt: Prompt): void {
    if (prompt.kind === 'point' && !this.session.model.takesPoints) {
      this.session.trouble = { phase: 'ready', message: BOXES_ONLY };
      return;
    }
    this.session.add(prompt, this.hovering.answerTo(prompt));
    this.hovering.clear();
    this.history.forgetUndone();
  }

  private preview(point: Point | null): void {
    if (this.session.making.top || !this.session.model.takesPoints) return;
    if (point) this.hovering.moveTo(point);
    else this.hovering.clear();
    if (this.modelState.phase === 'ready') void this.hovering.ask();
  }

  private resume(): void {
    this.session.retry();
    void this.hovering.ask();
  }

  private redoPrompt(): void {
    this.selectTool('prompt');
    this.hovering.clear();
    this.session.making.redo();
  }

  private selectBy(by: 1 | -1): void {
    const { annotations, selectedId } = this.snapshot;
    if (annotations.length === 0) return;
    const at = annotations.findIndex(({ id }) => id === selectedId);
    const start = at < 0 && by < 0 ? 0 : at;
    this.select(annotations[(start + by + annotations.length) % annotations.length]?.id ?? null);
  }

  /** What a person does to the document. */
  private commit(patches: readonly Patch[]): void {
    this.act(() => {
      this.history.commit(patches);
      this.session.making.forgetUndone();
    });
  }

  /** An accepted mask arrives: the person may be at the next one already, whose undone prompts stay. */
  private insert(annotation: Annotation): void {
    this.history.commit([{ kind: 'create', annotation, index: this.document.annotations.length }]);
  }

  /** An action of a person: the message about the one before is gone. */
  private act(action: () => void): void {
    this.session.trouble = null;
    this.transact(action);
  }

  /** Runs a change, starts what can be decoded, and tells the listeners once, if there is anything new to see. */
  private transact(change: () => void): void {
    this.depth += 1;
    try {
      change();
    } finally {
      this.depth -= 1;
      if (this.depth === 0) this.refresh();
    }
  }

  private refresh(): void {
    if (this.modelState.phase === 'ready') this.session.decodeQueued();
    const next = this.compose(this.snapshot);
    if (next === this.snapshot) return;
    this.snapshot = next;
    this.listeners.emit();
  }
}

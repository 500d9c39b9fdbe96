/**
 * The headless editor of one image: no DOM, no framework, no tensor. Make one per image.
 *
 * It is made of parts that share a `Core`: `prompting` (the mask in the making) and `objects` (the accepted masks). Commands
 * and panels speak to the parts; the editor itself takes pointer events, undo, and what comes from outside.
 *
 * For the UI. `new Editor({...})`, then `useSyncExternalStore(editor.subscribe, editor.getSnapshot)`. Hand pointer events
 * over in image coordinates (`pointerMove/Down/Up/Leave/Cancel`); keys go through `commandFor(chord, editor)?.run(editor)`
 * (commands.ts: `COMMANDS` is also the help page and the palette). Tell it what the model is doing with `setModelState`;
 * prompts given before `ready` wait and are decoded then. `onChange` is the stream of changes for the outbox;
 * `acknowledge` brings the server's versions back, `replaceAnnotation`/`removeAnnotation` its view of a stale edit.
 * Await `settled()` before the decoder is pointed at another image: an accepted mask may still be on its way.
 *
 * For the renderer. Draw from `getSnapshot()`: `annotations` (full masks; not those that are `hidden`, nor the one that
 * `making.refines`), `accepting` (drawn like annotations), `making.shown` with `making.prompts`, `preview`, `tool.draft`,
 * `selection`, `hoveredId`. `preview` is null as soon as there is a prompt. All values are immutable: the same identity
 * means nothing to redraw.
 */
import { boxInImage, isInImage } from '../geometry/box';
import { Arranging } from './arranging';
import { Core, type CoreOptions } from './core';
import { Crosshair } from './crosshair';
import type { EditorDraft } from './draft';
import { Editing } from './editing';
import { Listeners } from './listeners';
import type {
  Annotation,
  Category,
  Change,
  EditingSettings,
  EditorSnapshot,
  ModelState,
  ModelVersion,
  PointerInput,
} from './model';
import { LOCKED, Objects } from './objects';
import { Outlines } from './outlines';
import { Placing } from './placing';
import { Prompting } from './prompting';
import { defaultSettings } from './settings';
import { composeSnapshot } from './snapshot';
import { ToolMachine } from './tools/machine';
import { toolById, TOOLS } from './tools/registry';
import type { ToolContext } from './tools/tool';

export interface EditorOptions extends CoreOptions {
  readonly model: ModelVersion;
  /** `loading-model` when left out. */
  readonly modelState?: ModelState;
  /** How masks are changed by hand; settings fit for the size of the image when left out. */
  readonly editing?: EditingSettings;
}

export class Editor {
  readonly objects: Objects;
  readonly prompting: Prompting;
  readonly editing: Editing;
  readonly outlines: Outlines;
  readonly arranging: Arranging;
  readonly crosshair: Crosshair;
  private readonly core: Core;
  private readonly listeners = new Listeners<[]>();
  private readonly changes = new Listeners<[Change]>();
  private machine: ToolMachine;
  private snapshot: EditorSnapshot;

  constructor(options: EditorOptions) {
    this.core = new Core(options, (change) => this.changes.emit(change));
    this.objects = new Objects(this.core);
    const placing = new Placing(this.core, this.objects, () => this.editing.settings);
    this.prompting = new Prompting(this.core, placing, options.model, options.modelState);
    const parts = { objects: this.objects, prompting: this.prompting, placing };
    this.editing = new Editing(this.core, parts, options.editing ?? defaultSettings(options.imageSize));
    this.outlines = new Outlines(this.core, this.editing);
    this.arranging = new Arranging(this.core, this.objects, placing);
    this.crosshair = new Crosshair(this.core, this);
    this.machine = new ToolMachine(TOOLS[0], this.context());
    this.snapshot = this.compose(null);
    this.core.onCommit = () => this.prompting.forgetUndone();
    this.core.onChanged = () => this.refresh();
  }

  // What there is to see, and to send.

  readonly getSnapshot = (): EditorSnapshot => this.snapshot;

  /** Returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  /** Every change of the document, in order, for the outbox. Returns the way to stop. */
  readonly onChange = (listener: (change: Change) => void): (() => void) => this.changes.add(listener);

  /** Resolves when no accepted mask is on its way to the document. */
  settled(): Promise<void> {
    return this.prompting.session.settled();
  }

  // The pointer, in image coordinates.

  pointerMove(input: PointerInput): void {
    this.core.transact(() => this.machine.dispatch('pointerMove', input));
  }

  pointerDown(input: PointerInput): void {
    this.core.act(() => this.machine.dispatch('pointerDown', input));
  }

  pointerUp(input: PointerInput): void {
    this.core.transact(() => this.machine.dispatch('pointerUp', input));
  }

  pointerLeave(): void {
    this.core.transact(() => this.machine.pointerLeave());
  }

  /** The gesture was taken away: pointercancel, or lost capture. Harmless when there is none. */
  pointerCancel(): void {
    this.core.transact(() => this.machine.pointerLost());
  }

  /** The wheel with a modifier, or the keys for more and less. False where the tool has nothing to step. */
  step(by: number): boolean {
    let isStepped = false;
    this.core.transact(() => (isStepped = this.machine.state.step?.(by) ?? false));
    return isStepped;
  }

  /** Enter: ends a gesture that goes on from press to press, else accepts the mask in the making. */
  accept(): void {
    this.core.act(() => {
      if (!this.machine.complete()) this.prompting.accept();
    });
  }

  /** Whether a gesture is under way. */
  get isInGesture(): boolean {
    return this.machine.isInGesture;
  }

  /** Whether Delete may mean something of the tool's. */
  get canRemove(): boolean {
    return this.machine.state.remove !== undefined;
  }

  /** Delete: what the gesture or the tool points at, else the selected annotations. */
  remove(): void {
    this.core.act(() => {
      if (!this.machine.remove()) this.objects.remove(this.objects.selection);
    });
  }

  /** Ends the gesture if there is one, else clears what the tool shows: the mask in the making, or the selection. */
  cancel(): void {
    this.core.act(() => {
      if (!this.machine.cancel()) this.machine.state.clear?.();
    });
  }

  /** What of this editor is to outlive the page. */
  draft(): EditorDraft {
    return { history: this.core.history.draft(), making: this.prompting.session.draft() };
  }

  /** Takes up what a page before this one left. Call it before anything else is done here. */
  restore({ history, making }: EditorDraft): void {
    this.core.transact(() => {
      this.core.history.restore(history);
      if (making) this.prompting.session.restore(making);
    });
  }

  // History: inside the mask in the making first, then across accepted masks. Redo goes back the same way.

  undo(): void {
    this.core.act(() => {
      this.core.walk('undo');
      if (!this.machine.undo() && !this.prompting.undo()) this.core.history.undo();
    });
  }

  redo(): void {
    this.core.act(() => {
      this.core.walk('redo');
      if (this.core.history.canRedo) this.core.history.redo();
      else if (this.prompting.canRedo) this.redoPrompt();
    });
  }

  /** A tool that does not work on the mask in the making puts it away (redo brings it back). */
  selectTool(id: string): void {
    const tool = toolById(id);
    if (tool === this.machine.tool) return;
    this.core.act(() => {
      this.machine.cancel();
      if (!tool.keepsMaking) this.prompting.leave();
      if (!tool.keepsSelection) this.objects.select([]);
      this.prompting.preview(null);
      this.objects.hover(null);
      this.machine = new ToolMachine(tool, this.context());
    });
  }

  /** Selects annotations, with a tool in hand that can have a selection. */
  select(ids: readonly string[]): void {
    this.core.act(() => {
      if (ids.length > 0 && !this.machine.tool.keepsSelection) this.selectTool('select');
      this.objects.select(ids);
    });
  }

  selectNext(by: 1 | -1): void {
    this.selecting((objects) => objects.selectNext(by));
  }

  /** Selects by a rule of the objects', with a tool in hand that can have a selection. */
  selecting(select: (objects: Objects) => void): void {
    this.core.act(() => {
      if (!this.machine.tool.keepsSelection) this.selectTool('select');
      select(this.objects);
    });
  }

  /** Takes an accepted mask up again, with the prompt tool. */
  refine(id: string): void {
    const annotation = this.core.document.find(id);
    if (!annotation) return;
    this.core.act(() => {
      if (this.objects.locked.has(id)) {
        this.core.refuse(LOCKED);
        return;
      }
      this.selectTool('prompt');
      this.prompting.refine(annotation);
    });
  }

  // What comes from outside. None of it enters history or is reported as a change.

  setCategories(categories: readonly Category[]): void {
    this.core.transact(() => {
      this.core.categories = categories;
      if (!categories.some(({ id }) => id === this.core.categoryId)) this.core.categoryId = null;
    });
  }

  /**
   * Prompts given before `ready` are decoded then, and those that failed are asked again. On `error` accepted masks that
   * still wait for their answer come back, so that nobody waits for them; prompts stay.
   */
  setModelState(state: ModelState): void {
    this.prompting.setModelState(state);
  }

  /** Another model takes over, between two masks: not while one is in the making or on its way (`isBetweenMasks`). */
  setModel(model: ModelVersion): void {
    if (!this.isBetweenMasks) throw new Error('The model cannot change while a mask is in the making.');
    this.prompting.setModel(model);
  }

  get isBetweenMasks(): boolean {
    const { making, accepting } = this.snapshot;
    return making === null && accepting.length === 0;
  }

  /** The server has stored the annotation under this version. */
  acknowledge(id: string, version: number): void {
    this.core.transact(() => this.core.document.acknowledge(id, version));
  }

  /** The server's annotation replaces ours, or is added. */
  replaceAnnotation(annotation: Annotation): void {
    this.core.transact(() => this.core.document.replace(annotation));
  }

  /** The server no longer has the annotation. */
  removeAnnotation(id: string): void {
    this.core.transact(() => this.core.document.remove(id));
  }

  private compose(previous: EditorSnapshot | null): EditorSnapshot {
    const { core, objects, prompting, editing, machine, crosshair } = this;
    return composeSnapshot(previous, { core, objects, prompting, editing, machine, crosshair });
  }

  private context(): ToolContext {
    const { imageSize, now } = this.core;
    return {
      ...{ imageSize, now },
      prompting: this.prompting,
      objects: this.objects,
      editing: this.editing,
      outlines: this.outlines,
      refine: (id) => this.refine(id),
      isInImage: (point) => isInImage(point, imageSize),
      insideImage: (box) => boxInImage(box, imageSize),
    };
  }

  private redoPrompt(): void {
    if (!this.machine.tool.keepsMaking) this.selectTool('prompt');
    this.prompting.redo();
  }

  private refresh(): void {
    this.prompting.decodeQueued();
    const next = this.compose(this.snapshot);
    if (next === this.snapshot) return;
    this.snapshot = next;
    this.listeners.emit();
  }
}

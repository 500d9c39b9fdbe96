/** The mask in the making, as a person makes it: prompts, candidates, the preview under the pointer, Accept. */
import type { Prompt } from '../geometry/decoding';
import type { Point } from '../geometry/types';
import type { Message } from '../i18n/message';
import { fitted } from './attributes';
import type { Core } from './core';
import { Hover } from './hover';
import type { Annotation, ModelState, ModelVersion } from './model';
import type { Placing } from './placing';
import { Session } from './session';

const LOADING: ModelState = { phase: 'loading-model' };
const BOXES_ONLY: Message = { key: 'editor:boxesOnly' };

export class Prompting {
  readonly session: Session;
  readonly hovering: Hover;
  private state: ModelState;

  constructor(
    private readonly core: Core,
    private readonly placing: Placing,
    model: ModelVersion,
    state: ModelState = LOADING,
  ) {
    this.session = new Session({ core, model, commit: (annotation) => this.insert(annotation) });
    this.hovering = new Hover(core);
    this.state = state;
  }

  get modelState(): ModelState {
    return this.state;
  }

  get takesPoints(): boolean {
    return this.session.model.takesPoints;
  }

  get canRedo(): boolean {
    return this.session.making.canRedo;
  }

  accept(): void {
    this.core.act(() => this.session.accept(this.core.categoryId));
  }

  /** Clears the prompts (redo brings them back); without any, lets go of the mask that is refined. */
  clear(): void {
    this.core.act(() => this.session.clear());
  }

  /** Puts the mask in the making away, with the mask that it refines. */
  leave(): void {
    this.core.transact(() => {
      this.session.leave();
      this.hovering.clear();
    });
  }

  /** Asks the model again after a failure. */
  retry(): void {
    this.core.act(() => this.session.retry());
  }

  nextCandidate(): void {
    this.core.act(() => this.session.making.walk(1));
  }

  previousCandidate(): void {
    this.core.act(() => this.session.making.walk(-1));
  }

  addPrompt(prompt: Prompt): void {
    if (prompt.kind === 'point' && !this.takesPoints) {
      this.core.refuse(BOXES_ONLY);
      return;
    }
    this.session.add(prompt, this.hovering.answerTo(prompt));
    this.hovering.clear();
    this.core.history.forgetUndone();
  }

  /** Takes an accepted mask up again: prompts and edits correct it, Accept puts it back in its place. */
  refine(annotation: Annotation): void {
    this.core.act(() => {
      this.session.refine(annotation);
      this.hovering.clear();
    });
  }

  /** Shows the mask that a click here would give, while there is no prompt yet; null shows none. */
  preview(point: Point | null): void {
    if (this.session.making.isBegun || !this.takesPoints) return;
    if (point) this.hovering.moveTo(point);
    else this.hovering.clear();
    if (this.state.phase === 'ready') void this.hovering.ask();
  }

  /** False: nothing to undo here. */
  undo(): boolean {
    return this.session.undo();
  }

  redo(): void {
    this.hovering.clear();
    this.session.making.redo();
  }

  forgetUndone(): void {
    this.session.making.forgetUndone();
  }

  /** See `Editor.setModelState`. */
  setModelState(state: ModelState): void {
    const { phase: before } = this.state;
    if (state.phase === before && state.phase !== 'error') return;
    this.core.transact(() => {
      this.state = state;
      if (state.phase === 'error') this.session.failWaiting(state.message);
      if (state.phase === 'ready') this.resume();
      else if (before === 'ready') this.hovering.clear();
    });
  }

  /** Only between two masks. What was undone had its answers from the model before, and cannot be redone. */
  setModel(model: ModelVersion): void {
    this.core.transact(() => {
      this.session.model = model;
      this.session.making.forgetUndone();
      this.hovering.clear();
    });
  }

  /** Starts what can be decoded. */
  decodeQueued(): void {
    if (this.state.phase === 'ready') this.session.decodeQueued();
  }

  private resume(): void {
    this.session.retry();
    void this.hovering.ask();
  }

  /**
   * An accepted mask arrives: the person may be at the next one already, whose undone prompts stay. Returns why it cannot
   * be taken in. What was refined may have been deleted by somebody else meanwhile: then it is created anew.
   */
  private insert(annotation: Annotation): Message | null {
    const { document, history } = this.core;
    const { mask, provenance } = annotation;
    const refined = document.find(annotation.id);
    const placement = this.placing.place([
      refined ? { ...refined, mask, provenance } : this.begun(annotation),
    ]);
    if (!placement.refusal) history.commit(placement.patches);
    return placement.refusal;
  }

  /** With the defaults of its category. */
  private begun(annotation: Annotation): Annotation {
    const category = this.core.categories.find(({ id }) => id === annotation.categoryId);
    return { ...annotation, attributes: fitted(annotation.attributes, category) };
  }
}

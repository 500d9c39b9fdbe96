/** The mask in the making, as a person makes it: prompts, candidates, the preview under the pointer, Accept. */
import type { MaskToken, Prompt } from '../geometry/decoding';
import type { Point } from '../geometry/types';
import type { Message } from '../i18n/message';
import { fitted } from './attributes';
import type { Core } from './core';
import { Hover } from './hover';
import type { Annotation, ModelState, ModelVersion, PromptingSettings } from './model';
import type { Placing } from './placing';
import { Session } from './session';

const LOADING: ModelState = { phase: 'loading-model' };
/** Where masks can be cut, in logits. */
export const THRESHOLD = { least: -5, most: 5, step: 0.1 } as const;
const BOXES_ONLY: Message = { key: 'editor:boxesOnly' };

export class Prompting {
  readonly session: Session;
  readonly hovering: Hover;
  private state: ModelState;
  private current: PromptingSettings = { previews: true, boxEach: false };

  constructor(
    private readonly core: Core,
    private readonly placing: Placing,
    model: ModelVersion,
    state: ModelState = LOADING,
  ) {
    this.session = new Session({ core, model, commit: (annotations) => this.insert(annotations) });
    this.hovering = new Hover(core);
    this.state = state;
  }

  get settings(): PromptingSettings {
    return this.current;
  }

  get modelState(): ModelState {
    return this.state;
  }

  get takesPoints(): boolean {
    return this.session.model.takesPoints;
  }

  get canRedo(): boolean {
    return this.session.batch.canRedo;
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
    this.walk(1);
  }

  previousCandidate(): void {
    this.walk(-1);
  }

  /** Along the ladder; below 0 is up, to larger masks. False: there is none. */
  walk(by: 1 | -1): boolean {
    const { top } = this.session.making;
    if (top) this.core.act(() => top.walk(by));
    return top !== null;
  }

  /** Shows the rung of this index. */
  chooseCandidate(index: number): void {
    this.core.act(() => this.session.making.top?.walkTo(index));
  }

  /** Keeps the candidate that is shown, to be accepted too, and goes on to the next; one that is kept is let go. */
  keepCandidate(): void {
    this.core.act(() => {
      const { making } = this.session;
      const shown = making.top?.candidate;
      if (!shown) return;
      const isKept = making.kept.some(({ candidate }) => candidate === shown);
      this.session.toggleKept(shown.token);
      if (!isKept) making.walk(1);
    });
  }

  /** Whether one of the candidates is accepted beside the mask that is shown. */
  toggleKept(token: MaskToken): void {
    this.core.act(() => this.session.toggleKept(token));
  }

  /** Cuts the mask at another logit: the higher, the tighter. A step that undo takes back. */
  setThreshold(threshold: number): void {
    this.core.act(() => {
      if (!this.session.making.canCut) return;
      const steps = Math.round(threshold / THRESHOLD.step);
      const nearest = Number((steps * THRESHOLD.step).toFixed(1));
      this.session.cutAt(Math.min(THRESHOLD.most, Math.max(THRESHOLD.least, nearest)));
      this.core.history.forgetUndone();
    });
  }

  /** By steps of the key. */
  changeThreshold(steps: number): void {
    this.setThreshold(this.session.making.threshold + steps * THRESHOLD.step);
  }

  set(settings: Partial<PromptingSettings>): void {
    this.core.transact(() => {
      this.current = { ...this.current, ...settings };
      if (!this.current.previews) this.hovering.clear();
    });
  }

  /** A prompt for another object, beside those in the making. */
  addObject(prompt: Prompt): void {
    if (this.refusesPrompt(prompt)) return;
    this.session.beginObject();
    this.addPrompt(prompt);
  }

  /** Takes the object in the making in hand that is there. False: there is none. */
  takeObjectAt(point: Point): boolean {
    return this.session.takeObjectAt(point);
  }

  addPrompt(prompt: Prompt): void {
    if (this.refusesPrompt(prompt)) return;
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
    if (this.session.making.isBegun || !this.takesPoints || !this.settings.previews) return;
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
    this.session.batch.redo();
  }

  forgetUndone(): void {
    this.session.batch.forgetUndone();
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
      this.session.batch.forgetUndone();
      this.hovering.clear();
    });
  }

  /** Starts what can be decoded. */
  decodeQueued(): void {
    if (this.state.phase === 'ready') this.session.decodeQueued();
  }

  private refusesPrompt(prompt: Prompt): boolean {
    const isRefused = prompt.kind === 'point' && !this.takesPoints;
    if (isRefused) this.core.refuse(BOXES_ONLY);
    return isRefused;
  }

  private resume(): void {
    this.session.retry();
    void this.hovering.ask();
  }

  /**
   * Accepted masks arrive: the person may be at the next one already, whose undone prompts stay. Returns why they cannot
   * be taken in. What was refined may have been deleted by somebody else meanwhile: then it is created anew.
   */
  private insert(annotations: readonly Annotation[]): Message | null {
    const { document, history } = this.core;
    const placement = this.placing.place(
      annotations.map((annotation) => {
        const { mask, provenance, parentId } = annotation;
        const refined = document.find(annotation.id);
        return refined ? { ...refined, mask, provenance, parentId } : this.begun(annotation);
      }),
    );
    if (!placement.refusal) history.commit(placement.patches);
    return placement.refusal;
  }

  /** With the defaults of its category. */
  private begun(annotation: Annotation): Annotation {
    const category = this.core.categories.find(({ id }) => id === annotation.categoryId);
    return { ...annotation, attributes: fitted(annotation.attributes, category) };
  }
}

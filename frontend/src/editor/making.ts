/**
 * The mask in the making: a pile of steps, one for each prompt or edit. An answer belongs to the step that asked for it, so
 * a late answer for a step that is no longer on top never shows, and undo finds the earlier mask and prior at once. An edit
 * of a mask that the model has not given yet waits in the pile for that answer.
 */
import type { FullMask, MaskToken, Prompt } from '../geometry/decoding';
import type { Annotation, Edit, MakingMask, MakingView, Rung } from './model';
import { type Answer, type EditNote, type Given, type Ground, type Kept, NOTHING, Step } from './step';

const NO_RUNGS: readonly Rung[] = [];
const NONE_KEPT: readonly Kept[] = [];

export class Making {
  /** When work on this mask began, by the clock of the prompts. */
  startedAt = 0;
  private steps: Step[] = [];
  private undone: Step[] = [];
  /** Steps of a draft: each is asked about, from the first on. */
  private readonly returned = new Set<Step>();

  /** `base`: the accepted mask that is taken up again. */
  constructor(readonly base: Annotation | null = null) {}

  get top(): Step | null {
    return this.steps.at(-1) ?? null;
  }

  /** Whether there is anything to see. */
  get isBegun(): boolean {
    return this.top !== null || this.base !== null;
  }

  get given(): Given {
    return this.top?.given ?? NOTHING;
  }

  get shown(): MakingMask | null {
    return (this.top ?? this.ground)?.shown ?? null;
  }

  /** Accepted beside what is shown. */
  get kept(): readonly Kept[] {
    return this.top?.kept ?? NONE_KEPT;
  }

  /** Carried on from step to step: who wants tight masks wants them after the next click, too. */
  get threshold(): number {
    return this.top?.threshold ?? 0;
  }

  get canCut(): boolean {
    return this.top?.answer.state === 'shown';
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** From the first one on. */
  get pile(): readonly Step[] {
    return this.steps;
  }

  /** What the model is still to be asked about: the top, or what edits on top of it wait for. */
  get awaited(): Step | null {
    const returned = this.steps.find((step) => this.returned.has(step) && !step.isAnswered);
    return returned ?? this.steps.findLast((step) => !step.isWaiting) ?? null;
  }

  /** A box replaces an earlier one: the model knows one box an object. */
  add(prompt: Prompt, at: number): Step {
    const { prompts, stamps } = this.given;
    const kept = prompts
      .map((_, i) => i)
      .filter((i) => prompts[i]?.kind === 'point' || prompt.kind === 'point');
    return this.push({
      prompts: [...kept.flatMap((i) => prompts[i] ?? []), prompt],
      stamps: [...kept.map((i) => stamps[i] ?? 0), at],
    });
  }

  /** A step of a draft: its answer did not outlive the page. What was chosen of it is for the caller to set. */
  putBack(prompts: readonly Prompt[], stamps: readonly number[]): Step {
    const step = this.push({ prompts, stamps });
    this.returned.add(step);
    return step;
  }

  /** Cuts the model's masks at another logit. Changes in a row are one step. */
  cutAt(threshold: number): void {
    const { top } = this;
    if (!top || !this.canCut || top.threshold === threshold) return;
    if (!top.isRecut) this.put(top.recut());
    if (this.top) this.top.threshold = threshold;
  }

  toggleKept(token: MaskToken): void {
    this.top?.toggleKept(token);
  }

  /** What an edit has made of the mask that was shown. */
  edit(mask: FullMask, edit: Edit): void {
    this.push(this.given, { state: 'edited', mask }, { edit, draft: null });
  }

  /** An edit of a mask that is not there yet: it is to `land` on it. */
  editLater(note: EditNote): Step {
    return this.push(this.given, { state: 'decoding' }, note);
  }

  undo(): void {
    const step = this.steps.pop();
    if (step) this.undone.push(step);
  }

  redo(): void {
    const step = this.undone.pop();
    if (step) this.steps.push(step);
  }

  /** Takes every step away; redo brings them back one by one. */
  clear(): void {
    while (this.top) this.undo();
  }

  forgetUndone(): void {
    this.undone = [];
  }

  walk(by: 1 | -1): void {
    this.top?.walk(by);
  }

  view(): MakingView | null {
    if (!this.isBegun) return null;
    const { given, shown, top, base } = this;
    return {
      prompts: given.prompts,
      state: top?.answer.state ?? 'edited',
      shown,
      draft: top?.draft ?? null,
      ladder: top?.ladder ?? NO_RUNGS,
      chosen: top?.chosen ?? -1,
      kept: this.kept,
      threshold: this.threshold,
      canCut: this.canCut,
      refines: base?.id ?? null,
    };
  }

  private get ground(): Ground | null {
    if (!this.base) return null;
    const shown: MakingMask = { kind: 'full', mask: this.base.mask };
    return { shown, uncut: shown, source: null, kept: NONE_KEPT, edits: [] };
  }

  private push(asked: Pick<Given, 'prompts' | 'stamps'>, answer?: Answer, note?: EditNote): Step {
    const { prompts, stamps } = asked;
    const step = new Step({ prompts, stamps }, this.top ?? this.ground, answer, note);
    step.threshold = this.threshold;
    return this.put(step);
  }

  private put(step: Step): Step {
    this.steps.push(step);
    this.undone = [];
    return step;
  }
}

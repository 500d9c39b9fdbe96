/**
 * The mask in the making: a pile of steps, one for each prompt or edit. An answer belongs to the step that asked for it, so
 * a late answer for a step that is no longer on top never shows, and undo finds the earlier mask and prior at once. An edit
 * of a mask that the model has not given yet waits in the pile for that answer.
 */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import type { Message } from '../i18n/message';
import type { Ladder } from './ladder';
import type { Annotation, Edit, MakingMask, MakingView, Rung, ToolDraft } from './model';

export type Answer =
  | { readonly state: 'queued' | 'decoding' }
  | { readonly state: 'shown'; readonly ladder: Ladder }
  /** A mask that was painted, not asked for. */
  | { readonly state: 'edited'; readonly mask: FullMask }
  | { readonly state: 'failed'; readonly message: Message };

const NO_LADDER: Ladder = { rungs: [], first: -1 };

/** What a person has given so far. */
export interface Given {
  readonly prompts: readonly Prompt[];
  /** When each prompt was given. */
  readonly stamps: readonly number[];
  /** `at_ms` is a time of the same clock, not yet counted from the start of the mask. */
  readonly edits: readonly Edit[];
}

const NOTHING: Given = { prompts: [], stamps: [], edits: [] };

/** What a step can build on. */
interface Ground {
  readonly shown: MakingMask | null;
  /** The model's last answer. */
  readonly source: Candidate | null;
  /** What was changed by hand up to here. */
  readonly edits: readonly Edit[];
}

/** A change by hand as a step notes it. While it waits for its mask, its pixels are 0 and `draft` shows in their place. */
export interface EditNote {
  edit: Edit;
  readonly draft: ToolDraft | null;
}

/** A set of prompts, and what the model says to it; or an edit, and the mask that it left. */
export class Step implements Ground {
  /** Rungs walked down from the first one shown. Counts before the answer is there too: a quick Tab is not lost. */
  walked = 0;
  private waiting: ((answer: Answer) => void)[] = [];

  /** `below`: what this step builds on. `note`: of an edit. */
  constructor(
    private readonly asked: Pick<Given, 'prompts' | 'stamps'>,
    private readonly below: Ground | null,
    private current: Answer = { state: 'queued' },
    readonly note: EditNote | null = null,
  ) {}

  get given(): Given {
    return { ...this.asked, edits: this.edits };
  }

  get edits(): readonly Edit[] {
    const before = this.below?.edits ?? NOTHING.edits;
    return this.note ? [...before, this.note.edit] : before;
  }

  /** An edit that waits for the mask that it changes. */
  get isWaiting(): boolean {
    return this.note !== null && !isFinal(this.current);
  }

  get isAnswered(): boolean {
    return isFinal(this.current);
  }

  get draft(): ToolDraft | null {
    return this.isWaiting ? (this.note?.draft ?? null) : null;
  }

  get prompts(): readonly Prompt[] {
    return this.asked.prompts;
  }

  get answer(): Answer {
    return this.current;
  }

  get ladder(): readonly Rung[] {
    return this.offered.rungs;
  }

  /** Index of the rung that is shown; -1: none. */
  get chosen(): number {
    const rungs = this.ladder.length;
    if (rungs === 0) return -1;
    return (((this.offered.first + this.walked) % rungs) + rungs) % rungs;
  }

  get candidate(): Candidate | null {
    return this.ladder[this.chosen]?.candidate ?? null;
  }

  /** The mask of this step, or of the nearest one below that has one. */
  get shown(): MakingMask | null {
    return this.own ?? this.below?.shown ?? null;
  }

  get source(): Candidate | null {
    return this.candidate ?? this.below?.source ?? null;
  }

  /** The mask that this step changes. */
  get ground(): MakingMask | null {
    return this.below?.shown ?? null;
  }

  /** What the model is shown of the mask so far. A box restates the object, so it starts without. */
  get prior(): MakingMask | null {
    return this.prompts.at(-1)?.kind === 'box' ? null : (this.below?.shown ?? null);
  }

  become(answer: Answer): void {
    this.current = answer;
    if (!isFinal(answer)) return;
    for (const resolve of this.waiting.splice(0)) resolve(answer);
  }

  /** The edit has met its mask, and changed so many pixels. */
  land(mask: FullMask, pixels: number): void {
    if (this.note) this.note.edit = { ...this.note.edit, pixels };
    this.become({ state: 'edited', mask });
  }

  /** Walks the ladder, round and round. */
  walk(by: 1 | -1): void {
    this.walked += by;
  }

  show(ladder: Ladder): void {
    this.become({ state: 'shown', ladder });
  }

  /** Resolves to the answer's end: shown, edited or failed. */
  answered(): Promise<Answer> {
    if (isFinal(this.current)) return Promise.resolve(this.current);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private get own(): MakingMask | null {
    if (this.current.state === 'edited') return { kind: 'full', mask: this.current.mask };
    return this.candidate && { kind: 'logits', candidate: this.candidate };
  }

  private get offered(): Ladder {
    return this.current.state === 'shown' ? this.current.ladder : NO_LADDER;
  }
}

function isFinal({ state }: Answer): boolean {
  return state !== 'queued' && state !== 'decoding';
}

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

  /** A step of a draft: its answer did not outlive the page. */
  putBack(prompts: readonly Prompt[], stamps: readonly number[], walked: number): void {
    const step = this.push({ prompts, stamps });
    step.walked = walked;
    this.returned.add(step);
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
      ladder: top?.ladder ?? NO_LADDER.rungs,
      chosen: top?.chosen ?? -1,
      refines: base?.id ?? null,
    };
  }

  private get ground(): Ground | null {
    return this.base && { shown: { kind: 'full', mask: this.base.mask }, source: null, edits: [] };
  }

  private push(asked: Pick<Given, 'prompts' | 'stamps'>, answer?: Answer, note?: EditNote): Step {
    const { prompts, stamps } = asked;
    const step = new Step({ prompts, stamps }, this.top ?? this.ground, answer, note);
    this.steps.push(step);
    this.undone = [];
    return step;
  }
}

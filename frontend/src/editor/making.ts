/**
 * The mask in the making: a pile of steps, one for each prompt or edit. An answer belongs to the step that asked for it, so
 * a late answer for a step that is no longer on top never shows, and undo finds the earlier mask and prior at once.
 */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import type { Message } from '../i18n/message';
import type { Ladder } from './ladder';
import type { Annotation, Edit, MakingMask, MakingView, Rung } from './model';

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
}

/** A set of prompts, and what the model says to it; or an edit, and the mask that it left. */
export class Step implements Ground {
  /** Rungs walked down from the first one shown. Counts before the answer is there too: a quick Tab is not lost. */
  private walked = 0;
  private waiting: ((answer: Answer) => void)[] = [];

  /** `below`: what this step builds on. */
  constructor(
    readonly given: Given,
    private readonly below: Ground | null,
    private current: Answer = { state: 'queued' },
  ) {}

  get prompts(): readonly Prompt[] {
    return this.given.prompts;
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

  /** What the model is shown of the mask so far. A box restates the object, so it starts without. */
  get prior(): MakingMask | null {
    return this.prompts.at(-1)?.kind === 'box' ? null : (this.below?.shown ?? null);
  }

  become(answer: Answer): void {
    this.current = answer;
    if (!isFinal(answer)) return;
    for (const resolve of this.waiting.splice(0)) resolve(answer);
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

  /** A box replaces an earlier one: the model knows one box an object. */
  add(prompt: Prompt, at: number): Step {
    const { prompts, stamps, edits } = this.given;
    const kept = prompts
      .map((_, i) => i)
      .filter((i) => prompts[i]?.kind === 'point' || prompt.kind === 'point');
    return this.push({
      prompts: [...kept.flatMap((i) => prompts[i] ?? []), prompt],
      stamps: [...kept.map((i) => stamps[i] ?? 0), at],
      edits,
    });
  }

  /** What an edit has made of the mask that was shown. */
  edit(mask: FullMask, edit: Edit): void {
    this.push({ ...this.given, edits: [...this.given.edits, edit] }, { state: 'edited', mask });
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
      ladder: top?.ladder ?? NO_LADDER.rungs,
      chosen: top?.chosen ?? -1,
      refines: base?.id ?? null,
    };
  }

  private get ground(): Ground | null {
    return this.base && { shown: { kind: 'full', mask: this.base.mask }, source: null };
  }

  private push(given: Given, answer?: Answer): Step {
    const step = new Step(given, this.top ?? this.ground, answer);
    this.steps.push(step);
    this.undone = [];
    return step;
  }
}

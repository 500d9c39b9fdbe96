/**
 * The mask in the making: a pile of steps, one for each prompt given. An answer belongs to the step that asked for it, so
 * a late answer for a step that is no longer on top never shows, and undo finds the earlier mask and prior at once.
 */
import type { Candidate, Prompt } from '../geometry/decoding';
import type { Ladder } from './ladder';
import type { MakingView, Rung } from './model';

export type Answer =
  | { readonly state: 'queued' | 'decoding' }
  | { readonly state: 'shown'; readonly ladder: Ladder }
  | { readonly state: 'failed'; readonly message: string };

const NO_LADDER: Ladder = { rungs: [], first: -1 };

/** A set of prompts, and what the model says to it. */
export class Step {
  /** Rungs walked down from the first one shown. Counts before the answer is there too: a quick Tab is not lost. */
  private walked = 0;
  private current: Answer = { state: 'queued' };
  private waiting: ((answer: Answer) => void)[] = [];

  /** `stamps`: when each prompt was given. `below`: the step that this one refines. */
  constructor(
    readonly prompts: readonly Prompt[],
    readonly stamps: readonly number[],
    readonly below: Step | null,
  ) {}

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

  /** The chosen mask of this step, or of the nearest one below that has an answer. */
  get shown(): Candidate | null {
    return this.candidate ?? this.below?.shown ?? null;
  }

  /** The mask prompt of this step. A box restates the object, so it starts without one. */
  get prior(): Float32Array | null {
    if (this.prompts.at(-1)?.kind === 'box') return null;
    return this.below?.shown?.logits ?? null;
  }

  become(answer: Answer): void {
    this.current = answer;
    if (answer.state === 'queued' || answer.state === 'decoding') return;
    for (const resolve of this.waiting.splice(0)) resolve(answer);
  }

  /** Walks the ladder, round and round. */
  walk(by: 1 | -1): void {
    this.walked += by;
  }

  show(ladder: Ladder): void {
    this.become({ state: 'shown', ladder });
  }

  /** Resolves to the mask and the answer's end: shown or failed. */
  answered(): Promise<Answer> {
    const { state } = this.current;
    if (state === 'shown' || state === 'failed') return Promise.resolve(this.current);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private get offered(): Ladder {
    return this.current.state === 'shown' ? this.current.ladder : NO_LADDER;
  }
}

export class Making {
  /** When work on this mask began, by the clock of the prompts. */
  startedAt = 0;
  private steps: Step[] = [];
  private undone: Step[] = [];

  get top(): Step | null {
    return this.steps.at(-1) ?? null;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A box replaces an earlier one: the model knows one box an object. */
  add(prompt: Prompt, at: number): Step {
    const kept = this.given().filter(({ prompt: { kind } }) => kind === 'point' || prompt.kind === 'point');
    const given = [...kept, { prompt, at }];
    const step = new Step(
      given.map((entry) => entry.prompt),
      given.map((entry) => entry.at),
      this.top,
    );
    this.steps.push(step);
    this.undone = [];
    return step;
  }

  undo(): void {
    const step = this.steps.pop();
    if (step) this.undone.push(step);
  }

  redo(): void {
    const step = this.undone.pop();
    if (step) this.steps.push(step);
  }

  /** Takes every prompt away; redo brings them back one by one. */
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
    if (!this.top) return null;
    const { prompts, answer, shown, ladder, chosen } = this.top;
    return { prompts, state: answer.state, shown, ladder, chosen };
  }

  private given(): { prompt: Prompt; at: number }[] {
    const { prompts, stamps } = this.top ?? { prompts: [], stamps: [] };
    return prompts.map((prompt, i) => ({ prompt, at: stamps[i] ?? 0 }));
  }
}

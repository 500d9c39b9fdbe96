/** One step of a mask in the making: a set of prompts and the model's answer to it, or a change by hand and the mask that it left. */
import type { Candidate, FullMask, MaskToken, PointPrompt, Prompt } from '../geometry/decoding';
import type { Message } from '../i18n/message';
import { cutAt, type Ladder } from './ladder';
import { fullMaskOfMaking } from './maskChange';
import { mended, mendedBy, sizeOf } from './mending';
import type { Edit, MakingMask, Rung, ToolDraft } from './model';
import { remembering } from './stable';

export type Answer =
  | { readonly state: 'queued' | 'decoding' }
  | { readonly state: 'shown'; readonly ladder: Ladder }
  /** A mask that was painted, not asked for. */
  | { readonly state: 'edited'; readonly mask: FullMask }
  | { readonly state: 'failed'; readonly message: Message };

const NO_LADDER: Ladder = { rungs: [], first: -1 };
const NONE_KEPT: readonly Kept[] = [];

/** What a person has given so far. */
export interface Given {
  readonly prompts: readonly Prompt[];
  /** When each prompt was given. */
  readonly stamps: readonly number[];
  /** `at_ms` is a time of the same clock, not yet counted from the start of the mask. */
  readonly edits: readonly Edit[];
}

export const NOTHING: Given = { prompts: [], stamps: [], edits: [] };

/** A mask of the model's, and the logit that it was cut at. */
export interface Source {
  readonly candidate: Candidate;
  readonly threshold: number;
}

/** A candidate to be accepted beside the mask that is shown, and what it answered. */
export interface Kept extends Source, Given {}

/** What a step can build on. */
export interface Ground {
  readonly shown: MakingMask | null;
  /** What is shown, as the model gave it: cut at 0. */
  readonly uncut: MakingMask | null;
  /** The model's last answer. */
  readonly source: Source | null;
  /** What a person keeps beside the mask that is shown. */
  readonly kept: readonly Kept[];
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
  /** The logit that the masks are cut at: the higher, the tighter. */
  threshold = 0;
  /** Candidates to be accepted too. */
  keptTokens: readonly MaskToken[] = [];
  private readonly cut = remembering(cutAt);
  private readonly keep = remembering(
    (before: readonly Kept[], ladder: readonly Rung[], tokens: readonly MaskToken[], threshold: number) => [
      ...before,
      ...ladder
        .filter(({ candidate }) => tokens.includes(candidate.token))
        .map(({ candidate }): Kept => ({ ...this.given, candidate, threshold })),
    ],
  );
  private readonly mend = remembering((before: FullMask, candidate: Candidate, click: PointPrompt) =>
    mended(before, fullMaskOfMaking({ kind: 'logits', candidate }, sizeOf(before)), click),
  );
  private waiting: ((answer: Answer) => void)[] = [];

  /** `below`: what this step builds on. `note`: of an edit. */
  constructor(
    private readonly asked: Pick<Given, 'prompts' | 'stamps'>,
    private readonly below: Ground | null,
    private current: Answer = { state: 'queued' },
    readonly note: EditNote | null = null,
    /** The step before is the same, cut at another threshold. */
    readonly isRecut = false,
  ) {}

  /** The same answer to the same prompts, to be cut at another threshold. */
  recut(): Step {
    const step = new Step(this.asked, this.below, this.current, null, true);
    step.choose(this);
    return step;
  }

  /** What a person has chosen of an answer like this one. */
  choose({ walked, threshold, keptTokens }: Pick<Step, 'walked' | 'threshold' | 'keptTokens'>): void {
    this.walked = walked;
    this.threshold = threshold;
    this.keptTokens = keptTokens;
  }

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
    return this.cut(this.offered, this.threshold, this.prompts).rungs;
  }

  /** Index of the rung that is shown; -1: none. */
  get chosen(): number {
    const rungs = this.offered.rungs.length;
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

  get uncut(): MakingMask | null {
    const rung = this.offered.rungs[this.chosen];
    if (rung && !this.mends) return { kind: 'logits', candidate: rung.candidate };
    return this.own ?? this.below?.uncut ?? null;
  }

  get source(): Source | null {
    const { candidate, threshold } = this;
    return candidate ? { candidate, threshold } : (this.below?.source ?? null);
  }

  get kept(): readonly Kept[] {
    return this.keep(this.below?.kept ?? NONE_KEPT, this.ladder, this.keptTokens, this.threshold);
  }

  /** Keeps a rung beside the mask that will be shown at Accept, or not any more. */
  toggleKept(token: MaskToken): void {
    const { keptTokens } = this;
    this.keptTokens = keptTokens.includes(token)
      ? keptTokens.filter((kept) => kept !== token)
      : [...keptTokens, token];
  }

  /** The mask that this step changes. */
  get ground(): MakingMask | null {
    return this.below?.shown ?? null;
  }

  /** The mask that the last click mends, and otherwise leaves alone. */
  get mends(): FullMask | null {
    return this.note ? null : mendedBy(this.prompts.at(-1), this.ground);
  }

  /** What the model is shown of the mask so far: as it gave it. A box restates the object, so it starts without. */
  get prior(): MakingMask | null {
    return this.prompts.at(-1)?.kind === 'box' ? null : (this.below?.uncut ?? null);
  }

  /** What a person saw of it when they gave the last prompt. */
  get seen(): MakingMask | null {
    return this.prompts.at(-1)?.kind === 'box' ? null : this.ground;
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

  walkTo(rung: number): void {
    this.walked = rung - this.offered.first;
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
    const { candidate, mends } = this;
    if (this.current.state === 'edited') return { kind: 'full', mask: this.current.mask };
    const click = this.prompts.at(-1);
    if (!candidate || !mends || click?.kind !== 'point') return candidate && { kind: 'logits', candidate };
    return { kind: 'full', mask: this.mend(mends, candidate, click) };
  }

  private get offered(): Ladder {
    return this.current.state === 'shown' ? this.current.ladder : NO_LADDER;
  }
}

function isFinal({ state }: Answer): boolean {
  return state !== 'queued' && state !== 'decoding';
}

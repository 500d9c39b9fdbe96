/**
 * From prompts to accepted masks. The mask in the making is decoded while it grows; Accept seals it and hands over an
 * empty one at once, so that the next click need not wait for the answer and the full-size mask of the one before.
 */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import { ladderOf } from './ladder';
import { Making, type Step } from './making';
import type { AcceptingView, Annotation, ModelVersion } from './model';
import { provenanceOf, startOfMask } from './provenance';
import { type ModelAccess, reasonOf, StepDecoder } from './stepDecoder';

const NOTHING = 'There is no mask to accept yet: click the object, or drag a box around it.';
const EMPTY = 'The mask is empty: there is nothing to accept. Move the point, or try another candidate.';

const NOTHING_TAKEN =
  'So far there are only points that leave out: click the object itself, or drag a box around it.';

/** A mask on its way from Accept to the document. */
interface Sealed {
  readonly id: string;
  readonly making: Making;
  readonly categoryId: number | null;
  readonly acceptedAt: number;
}

export interface SessionOptions extends ModelAccess {
  readonly model: ModelVersion;
  readonly newId: () => string;
  /** Takes the finished annotation into the document. */
  readonly commit: (annotation: Annotation) => void;
}

export interface Trouble {
  readonly phase: 'ready' | 'error';
  readonly message: string;
}

export class Session {
  making = new Making();
  /** Made the answers there are; changed only while there are none (`Editor.setModel`). */
  model: ModelVersion;
  /** Why the last action did not work: refused (`ready`) or failed (`error`). */
  trouble: Trouble | null = null;
  readonly decoder: StepDecoder;
  private sealed: readonly Sealed[] = [];
  /** Accepted masks that failed while the next one was in the making; they come back after it. */
  private aside: Making[] = [];
  private lastAcceptAt: number | null = null;
  private idle: (() => void)[] = [];

  constructor(private readonly options: SessionOptions) {
    this.model = options.model;
    this.decoder = new StepDecoder(options);
  }

  get isBusy(): boolean {
    return this.sealed.length > 0 || this.making.top?.answer.state === 'decoding';
  }

  /** Why the mask in the making has no answer. */
  get failure(): string | null {
    const answer = this.making.top?.answer;
    return answer?.state === 'failed' ? answer.message : null;
  }

  get canUndo(): boolean {
    return this.making.top !== null || this.sealed.length > 0;
  }

  accepting(): AcceptingView[] {
    return this.sealed.map(({ id, categoryId, making }) => ({
      id,
      categoryId,
      shown: making.top?.shown ?? null,
    }));
  }

  /** `answer`: what the model says to this prompt alone, if it is known already. */
  add(prompt: Prompt, answer: readonly Candidate[] | null): void {
    if (isRepeated(prompt, this.making.top?.prompts.at(-1))) return;
    const at = this.options.now();
    const isFirst = this.making.top === null;
    if (isFirst) this.making.startedAt = startOfMask(at, this.lastAcceptAt);
    const step = this.making.add(prompt, at);
    if (!isFirst || !answer) return;
    const { imageSize } = this.options;
    step.show(ladderOf({ prompts: step.prompts, imageSize, previous: null }, answer));
  }

  /** Asks the model about every mask that waits for it. */
  decodeQueued(): void {
    for (const { top } of [this.making, ...this.sealed.map(({ making }) => making)]) {
      if (top?.answer.state === 'queued') void this.decoder.decode(top);
    }
  }

  /** The model has failed: accepted masks that it has not been asked for yet are given back. */
  failWaiting(message: string): void {
    for (const { making } of this.sealed) {
      if (making.top?.answer.state === 'queued') making.top.become({ state: 'failed', message });
    }
  }

  /** Lets a failed mask be asked again. */
  retry(): void {
    if (this.making.top?.answer.state === 'failed') this.making.top.become({ state: 'queued' });
  }

  /** Seals the mask in the making. A mask whose answer is not there yet is accepted when it comes. */
  accept(categoryId: number | null): void {
    if (this.refuses()) return;
    this.retry();
    const { now, newId } = this.options;
    const sealed: Sealed = { id: newId(), making: this.making, categoryId, acceptedAt: now() };
    this.sealed = [...this.sealed, sealed];
    this.lastAcceptAt = sealed.acceptedAt;
    this.making = this.aside.pop() ?? new Making();
    void this.land(sealed);
  }

  clear(): void {
    this.making.clear();
    this.making = this.aside.pop() ?? this.making;
  }

  /** Removes the last prompt; with none left, takes back an Accept that is still on its way. False: nothing to undo. */
  undo(): boolean {
    const last = this.sealed.at(-1);
    if (this.making.top) this.making.undo();
    else if (last) this.takeBack(last);
    else return false;
    return true;
  }

  /** Resolves when no accepted mask is on its way. */
  settled(): Promise<void> {
    if (this.sealed.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Enter pressed once more while the mask is on its way is not a mistake to complain about. */
  private refuses(): boolean {
    const { top } = this.making;
    if (!top && this.sealed.length > 0) return true;
    const message = reasonToRefuse(top);
    this.trouble = message === null ? null : { phase: 'ready', message };
    return message !== null;
  }

  private async land(sealed: Sealed): Promise<void> {
    const outcome = await this.finish(sealed);
    this.options.transact(() => {
      if (!this.sealed.includes(sealed)) return; // Taken back by undo.
      this.unseal(sealed);
      if ('phase' in outcome) this.giveBack(sealed.making, outcome);
      else this.options.commit(outcome);
    });
  }

  private async finish(sealed: Sealed): Promise<Annotation | Trouble> {
    const { decoder, imageSize } = this.options;
    const top = sealed.making.top;
    const answer = await top?.answered();
    if (answer?.state === 'failed') return { phase: 'error', message: answer.message };
    const candidate = top?.candidate;
    if (!candidate || candidate.gridArea === 0) return { phase: 'ready', message: EMPTY };
    try {
      const mask = await decoder.toFullMask(candidate, imageSize);
      if (mask.area === 0) return { phase: 'ready', message: EMPTY };
      return this.annotationOf(sealed, candidate, mask);
    } catch (error) {
      return { phase: 'error', message: `The mask could not be brought to full size: ${reasonOf(error)}.` };
    }
  }

  private annotationOf(sealed: Sealed, candidate: Candidate, mask: FullMask): Annotation {
    const { id, making, categoryId, acceptedAt } = sealed;
    const { prompts, stamps } = making.top ?? { prompts: [], stamps: [] };
    const { startedAt } = making;
    const provenance = provenanceOf({ prompts, stamps, startedAt, acceptedAt, candidate }, this.model);
    return { id, categoryId, mask, provenance, version: 0 };
  }

  /** A mask that could not be accepted keeps its prompts; it returns now, or after the one that has been begun since. */
  private giveBack(making: Making, trouble: Trouble): void {
    this.trouble = trouble;
    if (this.making.top) this.aside.push(making);
    else this.making = making;
  }

  private takeBack(sealed: Sealed): void {
    this.unseal(sealed);
    this.making = sealed.making;
  }

  private unseal(sealed: Sealed): void {
    this.sealed = this.sealed.filter((other) => other !== sealed);
    if (this.sealed.length === 0) for (const resolve of this.idle.splice(0)) resolve();
  }
}

function reasonToRefuse(top: Step | null): string | null {
  if (!top) return NOTHING;
  if (top.prompts.every((prompt) => prompt.kind === 'point' && prompt.label === 0)) return NOTHING_TAKEN;
  return top.candidate?.gridArea === 0 ? EMPTY : null;
}

/** The second half of a double click says nothing new. */
function isRepeated(prompt: Prompt, last: Prompt | undefined): boolean {
  if (prompt.kind === 'box' || last?.kind !== 'point') return false;
  return prompt.x === last.x && prompt.y === last.y && prompt.label === last.label;
}

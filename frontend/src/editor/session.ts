/**
 * From prompts to accepted masks. The mask in the making is decoded while it grows; Accept seals it and hands over an
 * empty one at once, so that the next click need not wait for the answer and the full-size mask of the one before.
 */
import type { Candidate, FullMask, Prompt } from '../geometry/decoding';
import type { Message } from '../i18n/message';
import type { Core, Trouble } from './core';
import { draftOfMaking, type MakingDraft, makingOfDraft } from './draft';
import { ladderOf } from './ladder';
import { Making, type Step } from './making';
import { changed, type ChangedMask, type MaskChange, runsOfMaking } from './maskChange';
import type { AcceptingView, Annotation, MakingMask, ModelVersion } from './model';
import { provenanceOf, startOfMask } from './provenance';
import { reasonOf, StepDecoder } from './stepDecoder';

const NOTHING: Message = { key: 'editor:nothingToAccept' };
const NOTHING_TAKEN: Message = { key: 'editor:nothingTaken' };
const EMPTY: Message = { key: 'editor:emptyMask' };

/** A mask on its way from Accept to the document. */
interface Sealed {
  readonly id: string;
  readonly making: Making;
  readonly categoryId: number | null;
  readonly acceptedAt: number;
}

export interface SessionOptions {
  readonly core: Core;
  readonly model: ModelVersion;
  /** Takes the finished annotation into the document; returns why it cannot. */
  readonly commit: (annotation: Annotation) => Message | null;
}

export class Session {
  making = new Making();
  /** Made the answers there are; changed only while there are none (`Editor.setModel`). */
  model: ModelVersion;
  readonly decoder: StepDecoder;
  private sealed: readonly Sealed[] = [];
  /** Accepted masks that failed while the next one was in the making; they come back after it. */
  private aside: Making[] = [];
  private lastAcceptAt: number | null = null;
  private idle: (() => void)[] = [];

  constructor(private readonly options: SessionOptions) {
    this.model = options.model;
    this.decoder = new StepDecoder(options.core);
  }

  get isBusy(): boolean {
    return this.sealed.length > 0 || this.making.top?.answer.state === 'decoding';
  }

  /** Why the mask in the making has no answer. */
  get failure(): Message | null {
    const answer = this.making.top?.answer;
    return answer?.state === 'failed' ? answer.message : null;
  }

  get canUndo(): boolean {
    return this.making.isBegun || this.sealed.length > 0;
  }

  accepting(): AcceptingView[] {
    return this.sealed.map(({ id, categoryId, making }) => ({
      id,
      categoryId,
      shown: making.shown,
    }));
  }

  /** `answer`: what the model says to this prompt alone, if it is known already. */
  add(prompt: Prompt, answer: readonly Candidate[] | null): void {
    if (isRepeated(prompt, this.making.top?.prompts.at(-1))) return;
    const at = this.begin();
    const isFirst = !this.making.isBegun;
    const step = this.making.add(prompt, at);
    if (!isFirst || !answer) return;
    step.show(ladderOf({ prompts: step.prompts, previous: null }, answer));
  }

  /**
   * Changes the mask in the making by hand, or nothing into one. While the model has not answered, the change waits: of
   * what is shown then, it would be a change of another mask.
   */
  edit(change: MaskChange): void {
    const { making } = this;
    const { kind, draft = null } = change;
    const { top } = making;
    const at_ms = this.begin(change.startedAt);
    if (top && !top.isAnswered) {
      const step = making.editLater({ edit: { kind, pixels: 0, at_ms }, draft });
      void this.landEdit(change, top, step);
    } else {
      const { mask, pixels } = this.changed(making.shown, change);
      if (pixels > 0) making.edit(mask, { kind, pixels, at_ms });
    }
  }

  /** Takes an accepted mask up again, in place of what is in the making. */
  refine(annotation: Annotation): void {
    this.making = new Making(annotation);
    this.making.startedAt = this.options.core.now();
  }

  /** Asks the model about every mask that waits for it. */
  decodeQueued(): void {
    for (const { awaited } of [this.making, ...this.sealed.map(({ making }) => making)]) {
      if (awaited?.answer.state === 'queued') void this.decoder.decode(awaited, this.model.inputSide);
    }
  }

  /** The model has failed: accepted masks that it has not been asked for yet are given back. */
  failWaiting(message: Message): void {
    for (const { making } of this.sealed) {
      const { awaited } = making;
      if (awaited?.answer.state === 'queued') awaited.become({ state: 'failed', message });
    }
  }

  /** Lets a failed mask be asked again. */
  retry(): void {
    if (this.making.top?.answer.state === 'failed') this.making.top.become({ state: 'queued' });
  }

  /** Seals the mask in the making. A mask whose answer is not there yet is accepted when it comes. */
  accept(categoryId: number | null): void {
    if (this.making.base && !this.making.top) {
      this.leave(); // Nothing was changed.
      return;
    }
    if (this.refuses()) return;
    this.retry();
    const { now, newId } = this.options.core;
    const { making } = this;
    const { base } = making;
    const sealed: Sealed = {
      id: base?.id ?? newId(),
      making,
      categoryId: base ? base.categoryId : categoryId,
      acceptedAt: now(),
    };
    this.sealed = [...this.sealed, sealed];
    this.lastAcceptAt = sealed.acceptedAt;
    this.making = this.aside.pop() ?? new Making();
    void this.land(sealed);
  }

  /** Clears the steps (redo brings them back); without any, lets go of what is refined. */
  clear(): void {
    if (this.making.top) this.making.clear();
    else if (this.making.base) this.making = new Making();
    this.making = this.aside.pop() ?? this.making;
  }

  /** Puts the mask in the making away, with what it refines. */
  leave(): void {
    this.making.clear();
    if (this.making.base) this.making = new Making();
    this.making = this.aside.pop() ?? this.making;
  }

  /**
   * Removes the last step; with none left, lets go of what is refined, or takes back an Accept that is still on its way.
   * False: nothing to undo.
   */
  undo(): boolean {
    const last = this.sealed.at(-1);
    if (this.making.top) this.making.undo();
    else if (this.making.base) this.leave();
    else if (last) this.takeBack(last);
    else return false;
    return true;
  }

  /** What would be lost with the page: the mask in the making, or the one that was accepted last and is on its way. */
  draft(): MakingDraft | null {
    const making = this.making.isBegun ? this.making : this.sealed.at(-1)?.making;
    return making ? draftOfMaking(making, this.options.core.now()) : null;
  }

  /** Of a page before this one. What it refined may be gone: then it is a mask of its own. */
  restore(draft: MakingDraft): void {
    const { document, now } = this.options.core;
    const base = draft.baseId === null ? null : (document.find(draft.baseId) ?? null);
    this.making = makingOfDraft(draft, base, now());
  }

  /** Resolves when no accepted mask is on its way. */
  settled(): Promise<void> {
    if (this.sealed.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Enter pressed once more while the mask is on its way is not a mistake to complain about. */
  private refuses(): boolean {
    if (!this.making.isBegun && this.sealed.length > 0) return true;
    const message = reasonToRefuse(this.making);
    if (message !== null) this.options.core.refuse(message);
    return message !== null;
  }

  /** The time of a step; of the first one, from when the work counts. */
  private begin(startedAt?: number): number {
    const at = this.options.core.now();
    if (!this.making.isBegun) this.making.startedAt = startOfMask(startedAt ?? at, this.lastAcceptAt);
    return at;
  }

  private changed(before: MakingMask | null, { apply }: MaskChange): ChangedMask {
    const { imageSize } = this.options.core;
    return changed(runsOfMaking(before, imageSize), apply, imageSize);
  }

  /** Where the model fails, the work by hand is not lost: it changes what is there. */
  private async landEdit(change: MaskChange, before: Step, step: Step): Promise<void> {
    const answer = await before.answered();
    this.options.core.transact(() => {
      const { mask, pixels } = this.changed(step.ground, change);
      step.land(mask, pixels);
      if (answer.state === 'failed') this.options.core.trouble = { phase: 'error', message: answer.message };
    });
  }

  private async land(sealed: Sealed): Promise<void> {
    const outcome = await this.finish(sealed);
    this.options.core.transact(() => {
      if (!this.sealed.includes(sealed)) return; // Taken back by undo.
      this.unseal(sealed);
      const trouble = 'phase' in outcome ? outcome : refusalOf(this.options.commit(outcome));
      if (trouble) this.giveBack(sealed.making, trouble);
    });
  }

  private async finish(sealed: Sealed): Promise<Annotation | Trouble> {
    const answer = await sealed.making.awaited?.answered();
    if (answer?.state === 'failed') return { phase: 'error', message: answer.message };
    await sealed.making.top?.answered();
    const { shown } = sealed.making;
    if (!shown || isEmpty(shown)) return { phase: 'ready', message: EMPTY };
    try {
      const mask = await this.fullMaskOf(shown);
      return mask.area === 0 ? { phase: 'ready', message: EMPTY } : this.annotationOf(sealed, mask);
    } catch (error) {
      return { phase: 'error', message: { key: 'editor:notFullSize', values: { reason: reasonOf(error) } } };
    }
  }

  private fullMaskOf(shown: MakingMask): FullMask | Promise<FullMask> {
    const { decoder, imageSize } = this.options.core;
    return shown.kind === 'full' ? shown.mask : decoder.toFullMask(shown.candidate, imageSize);
  }

  private annotationOf({ id, making, categoryId, acceptedAt }: Sealed, mask: FullMask): Annotation {
    const { base, given, startedAt, top } = making;
    const made = {
      given,
      startedAt,
      acceptedAt,
      candidate: top?.source ?? null,
      before: base?.provenance ?? null,
    };
    const provenance = provenanceOf({ ...made, model: this.model });
    if (base) return { ...base, mask, provenance };
    return { id, categoryId, mask, attributes: {}, parentId: null, layer: 0, provenance, version: 0 };
  }

  /** A mask that could not be accepted keeps its prompts; it returns now, or after the one that has been begun since. */
  private giveBack(making: Making, trouble: Trouble): void {
    this.options.core.trouble = trouble;
    if (this.making.isBegun) this.aside.push(making);
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

function refusalOf(message: Message | null): Trouble | null {
  return message && { phase: 'ready', message };
}

function reasonToRefuse({ given, shown, isBegun, base }: Making): Message | null {
  if (!isBegun) return NOTHING;
  const takesNothing = given.prompts.every((prompt) => prompt.kind === 'point' && prompt.label === 0);
  if (takesNothing && given.edits.length === 0 && !base) return NOTHING_TAKEN;
  return shown && isEmpty(shown) ? EMPTY : null;
}

function isEmpty(shown: MakingMask): boolean {
  return (shown.kind === 'full' ? shown.mask.area : shown.candidate.gridArea) === 0;
}

/** The second half of a double click says nothing new. */
function isRepeated(prompt: Prompt, last: Prompt | undefined): boolean {
  if (prompt.kind === 'box' || last?.kind !== 'point') return false;
  return prompt.x === last.x && prompt.y === last.y && prompt.label === last.label;
}

/**
 * From prompts to accepted masks. The mask in the making is decoded while it grows; Accept seals it and hands over an
 * empty one at once, so that the next click need not wait for the answer and the full-size mask of the one before.
 */
import type { Candidate, MaskToken, Prompt } from '../geometry/decoding';
import { isInMask } from '../geometry/mask';
import type { Point } from '../geometry/types';
import type { Message } from '../i18n/message';
import { Batch } from './batch';
import type { Core, Trouble } from './core';
import { batchOfDraft, draftOfBatch, type MakingDraft } from './draft';
import { ladderOf } from './ladder';
import { Making } from './making';
import { changed, type ChangedMask, fullMaskOfMaking, type MaskChange, runsOfMaking } from './maskChange';
import type { AcceptingView, Annotation, MakingMask, ModelVersion } from './model';
import { startOfMask } from './provenance';
import { EMPTY, isEmpty, keptBeside, maskOf, Sealed } from './sealed';
import type { Step } from './step';
import { StepDecoder } from './stepDecoder';

const NOTHING: Message = { key: 'editor:nothingToAccept' };
const NOTHING_TAKEN: Message = { key: 'editor:nothingTaken' };

export interface SessionOptions {
  readonly core: Core;
  readonly model: ModelVersion;
  /** Takes the finished annotations into the document, as one entry; returns why it cannot. */
  readonly commit: (annotations: readonly Annotation[]) => Message | null;
}

export class Session {
  batch = new Batch();
  /** Made the answers there are; changed only while there are none (`Editor.setModel`). */
  model: ModelVersion;
  readonly decoder: StepDecoder;
  private sealed: readonly Sealed[] = [];
  /** Accepted masks that failed while the next one was in the making; they come back after it. */
  private aside: Batch[] = [];
  private lastAcceptAt: number | null = null;
  private idle: (() => void)[] = [];

  constructor(private readonly options: SessionOptions) {
    this.model = options.model;
    this.decoder = new StepDecoder(options.core);
  }

  /** The object at hand. */
  get making(): Making {
    return this.batch.current;
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
    return this.sealed.flatMap((sealed) => sealed.views());
  }

  /** What Accept takes beside the mask at hand: the other objects, and the candidates kept of each. */
  alongside(): MakingMask[] {
    const { objects, others } = this.batch;
    return [...others.flatMap(({ shown }) => shown ?? []), ...objects.flatMap(keptBeside).map(maskOf)];
  }

  /** Another object, beside those in the making; while an accepted mask is refined there is no other. */
  beginObject(): void {
    if (!this.making.base) this.batch.begin();
  }

  /** Takes the object in the making in hand whose mask is there, the smallest first. False: there is none. */
  takeObjectAt(point: Point): boolean {
    const { imageSize } = this.options.core;
    const under = this.batch.others.flatMap((making) => {
      const mask = making.shown && fullMaskOfMaking(making.shown, imageSize);
      return mask && isInMask(point, mask.segmentation) ? [{ making, area: mask.area }] : [];
    });
    const [smallest] = under.sort((a, b) => a.area - b.area);
    if (smallest) this.batch.take(smallest.making);
    return smallest !== undefined;
  }

  /** `answer`: what the model says to this prompt alone, if it is known already. */
  add(prompt: Prompt, answer: readonly Candidate[] | null): void {
    if (isRepeated(prompt, this.making.top?.prompts.at(-1))) return;
    const at = this.begin();
    const isFirst = !this.making.isBegun;
    this.batch.forgetUndone();
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
    this.batch.forgetUndone();
    if (top && !top.isAnswered) {
      const step = making.editLater({ edit: { kind, pixels: 0, at_ms }, draft });
      void this.landEdit(change, top, step);
    } else {
      const { mask, pixels } = this.changed(making.shown, change);
      if (pixels > 0) making.edit(mask, { kind, pixels, at_ms });
    }
  }

  cutAt(threshold: number): void {
    this.batch.forgetUndone();
    this.making.cutAt(threshold);
  }

  toggleKept(token: MaskToken): void {
    this.making.toggleKept(token);
  }

  /** Takes an accepted mask up again, in place of what is in the making. */
  refine(annotation: Annotation): void {
    const making = new Making(annotation);
    making.startedAt = this.options.core.now();
    this.batch = new Batch([making]);
  }

  /** Asks the model about every mask that waits for it. */
  decodeQueued(): void {
    for (const { awaited } of this.allObjects()) {
      if (awaited?.answer.state === 'queued') void this.decoder.decode(awaited, this.model.inputSide);
    }
  }

  /** The model has failed: accepted masks that it has not been asked for yet are given back. */
  failWaiting(message: Message): void {
    for (const { awaited } of this.sealed.flatMap(({ batch }) => batch.objects)) {
      if (awaited?.answer.state === 'queued') awaited.become({ state: 'failed', message });
    }
  }

  /** Lets failed masks be asked again. */
  retry(): void {
    for (const { top } of this.batch.objects) {
      if (top?.answer.state === 'failed') top.become({ state: 'queued' });
    }
  }

  /** Seals what is in the making. A mask whose answer is not there yet is accepted when it comes. */
  accept(categoryId: number | null): void {
    if (this.making.base && !this.making.top) {
      this.leave(); // Nothing was changed.
      return;
    }
    if (this.refuses()) return;
    this.retry();
    const { batch, model } = this;
    const { core } = this.options;
    const sealed = new Sealed(batch, { core, model, categoryId });
    this.sealed = [...this.sealed, sealed];
    this.lastAcceptAt = core.now();
    this.batch = this.aside.pop() ?? new Batch();
    void this.land(sealed);
  }

  /** Clears the steps (redo brings them back); without any, lets go of what is refined. */
  clear(): void {
    if (this.making.top) this.batch.clear();
    else if (this.making.base) this.batch = new Batch();
    this.batch = this.aside.pop() ?? this.batch;
  }

  /** Puts what is in the making away, with what it refines. */
  leave(): void {
    this.batch.clear();
    if (this.making.base) this.batch = new Batch();
    this.batch = this.aside.pop() ?? this.batch;
  }

  /**
   * Removes the last step; with none left, lets go of what is refined, or takes back an Accept that is still on its way.
   * False: nothing to undo.
   */
  undo(): boolean {
    const last = this.sealed.at(-1);
    if (this.making.top) this.batch.undo();
    else if (this.making.base) this.leave();
    else if (last) this.takeBack(last);
    else return false;
    return true;
  }

  /** What would be lost with the page: the masks in the making, or those that were accepted last and are on their way. */
  draft(): MakingDraft | null {
    const batch = this.batch.isBegun ? this.batch : this.sealed.at(-1)?.batch;
    return batch ? draftOfBatch(batch, this.options.core.now()) : null;
  }

  /** Of a page before this one. What it refined may be gone: then it is a mask of its own. */
  restore(draft: MakingDraft): void {
    const { document, now } = this.options.core;
    const { takesPoints } = this.model;
    const baseOf = (id: string) => document.find(id) ?? null;
    this.batch = batchOfDraft(draft, { baseOf, takesPoints, now: now() });
  }

  /** Resolves when no accepted mask is on its way. */
  settled(): Promise<void> {
    if (this.sealed.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** Enter pressed once more while the mask is on its way is not a mistake to complain about. */
  private refuses(): boolean {
    if (!this.batch.isBegun && this.sealed.length > 0) return true;
    const refused = this.batch.objects.find((making) => reasonToRefuse(making) !== null);
    const message = refused && reasonToRefuse(refused);
    if (!refused || !message) return false;
    this.batch.take(refused);
    this.options.core.refuse(message);
    return true;
  }

  /** The time of a step; of an object's first one, from when the work counts. */
  private begin(startedAt?: number): number {
    const at = this.options.core.now();
    if (this.making.isBegun) return at;
    const isAlone = this.batch.others.length === 0;
    this.making.startedAt = startOfMask(startedAt ?? at, isAlone ? this.lastAcceptAt : null);
    return at;
  }

  private allObjects(): readonly Making[] {
    return [this.batch, ...this.sealed.map(({ batch }) => batch)].flatMap(({ objects }) => objects);
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
    const outcome = await sealed.finish();
    this.options.core.transact(() => {
      if (!this.sealed.includes(sealed)) return; // Taken back by undo.
      this.unseal(sealed);
      const trouble = 'phase' in outcome ? outcome : refusalOf(this.options.commit(outcome));
      if (trouble) this.giveBack(sealed.batch, trouble);
    });
  }

  /** What could not be accepted keeps its prompts; it returns now, or after what has been begun since. */
  private giveBack(batch: Batch, trouble: Trouble): void {
    this.options.core.trouble = trouble;
    if (this.batch.isBegun) this.aside.push(batch);
    else this.batch = batch;
  }

  private takeBack(sealed: Sealed): void {
    this.unseal(sealed);
    this.batch = sealed.batch;
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

/** The second half of a double click says nothing new. */
function isRepeated(prompt: Prompt, last: Prompt | undefined): boolean {
  if (prompt.kind === 'box' || last?.kind !== 'point') return false;
  return prompt.x === last.x && prompt.y === last.y && prompt.label === last.label;
}

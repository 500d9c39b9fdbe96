/**
 * Masks changed by hand. One rule says what an edit changes: the mask in the making if there is one, else the selected
 * annotation (exactly one, not locked), else nothing, from which a new mask is begun.
 */
import { dropIslands, fillHoles, keepLargest } from '../geometry/components';
import type { FullMask } from '../geometry/decoding';
import { runsOf } from '../geometry/fullMask';
import type { Runs } from '../geometry/rle';
import { smooth } from '../geometry/smooth';
import type { Size } from '../geometry/types';
import type { Message } from '../i18n/message';
import type { Core } from './core';
import { changed, fullMaskOfMaking, type MaskChange, runsOfMaking } from './maskChange';
import type { Annotation, EditingSettings } from './model';
import { LOCKED, type Objects } from './objects';
import type { Placing } from './placing';
import type { Prompting } from './prompting';
import { withEdit } from './provenance';
import { largestBrush, steppedBrush } from './settings';

export type CleanUp = 'fill_holes' | 'drop_islands' | 'keep_largest' | 'smooth';

const CLEAN_UPS: Readonly<Record<CleanUp, (runs: Runs, size: Size, settings: EditingSettings) => Runs>> = {
  fill_holes: (runs, size, { holeArea }) => fillHoles(runs, size, holeArea),
  drop_islands: (runs, size, { islandArea }) => dropIslands(runs, size, islandArea),
  keep_largest: (runs, size, { partCount }) => keepLargest(runs, size, partCount),
  smooth: (runs, size, { smoothRadius }) => smooth(runs, size, smoothRadius),
};

const NOTHING_HERE: Message = { key: 'editor:nothingToEdit' };
const NO_CHANGE: Message = { key: 'editor:noChange' };
const WOULD_VANISH: Message = { key: 'editor:editLeavesNothing' };

export interface EditingParts {
  readonly objects: Objects;
  readonly prompting: Prompting;
  readonly placing: Placing;
}

export class Editing {
  constructor(
    private readonly core: Core,
    private readonly parts: EditingParts,
    private current: EditingSettings,
  ) {}

  get settings(): EditingSettings {
    return this.current;
  }

  /** Brush, operation, tolerance and the like: no part of the history. */
  set(settings: Partial<EditingSettings>): void {
    this.core.transact(() => (this.current = { ...this.current, ...settings }));
  }

  /** By steps of the key or the wheel; above 0 grows. */
  resizeBrush(steps: number): void {
    const { brushSize } = this.current;
    this.set({ brushSize: steppedBrush(brushSize, steps, this.largestBrush) });
  }

  get largestBrush(): number {
    return largestBrush(this.core.imageSize);
  }

  /** The annotation that an edit changes. */
  get target(): Annotation | null {
    const { making } = this.parts.prompting.session;
    const { selection, editable } = this.parts.objects;
    return making.isBegun || selection.length !== 1 ? null : (editable[0] ?? null);
  }

  /** The mask that an edit would change now; null where there is none, or it is not decided yet. */
  get mask(): FullMask | null {
    const { making } = this.parts.prompting.session;
    if (!making.isBegun) return this.target?.mask ?? null;
    const { top, shown } = making;
    if (!shown || (top && !top.isAnswered)) return null;
    return fullMaskOfMaking(shown, this.core.imageSize);
  }

  // Gestures.

  /** Changes the mask of the rule above. What changes nothing leaves no entry. */
  change(change: MaskChange): void {
    this.core.act(() => {
      const { target } = this;
      if (target) this.changeEach([target], change);
      else if (this.isLocked) this.core.refuse(LOCKED);
      else this.changeMaking(change);
    });
  }

  /** What Escape lets go of: the mask in the making, or the selection. */
  letGo(): void {
    const { prompting, objects } = this.parts;
    if (prompting.session.making.isBegun) prompting.clear();
    else objects.select([]);
  }

  /** Begins another mask: the one in the making is accepted, and nothing stays selected. */
  beginNew(): void {
    const { prompting, objects } = this.parts;
    this.core.act(() => {
      if (prompting.session.making.isBegun) prompting.accept();
      if (prompting.session.making.isBegun) prompting.leave();
      objects.select([]);
    });
  }

  // Commands: on the mask in the making, or on all selected annotations that are not locked.

  cleanUp(kind: CleanUp): void {
    this.core.act(() => {
      if (this.cleanUpPixels(kind) === 0) this.core.refuse(NO_CHANGE);
      else this.changeAll({ kind, apply: this.cleaning(kind) });
    });
  }

  /** How many pixels a clean-up would change. */
  cleanUpPixels(kind: CleanUp): number {
    const { imageSize } = this.core;
    const apply = this.cleaning(kind);
    return this.runsAtHand().reduce((sum, runs) => sum + changed(runs, apply, imageSize).pixels, 0);
  }

  /** Whether what is to be changed is locked: a new mask in its place would surprise. */
  private get isLocked(): boolean {
    const { selection, locked } = this.parts.objects;
    const isAlone = selection.length === 1 && !this.parts.prompting.session.making.isBegun;
    return isAlone && locked.has(selection[0] ?? '');
  }

  private changeAll(change: MaskChange): void {
    if (this.parts.prompting.session.making.isBegun) this.changeMaking(change);
    else this.changeEach(this.parts.objects.editable, change);
  }

  private changeMaking(change: MaskChange): void {
    const { session, hovering } = this.parts.prompting;
    session.edit(change);
    hovering.clear();
    if (session.making.isBegun) this.core.history.forgetUndone();
    else this.core.refuse(NOTHING_HERE);
  }

  private changeEach(annotations: readonly Annotation[], change: MaskChange): void {
    const edited = annotations.flatMap((annotation) => this.edited(annotation, change) ?? []);
    if (edited.some(({ mask }) => mask.area === 0)) this.core.refuse(WOULD_VANISH);
    else if (edited.length > 0) this.parts.placing.commit(edited);
  }

  /** Null where nothing changes. */
  private edited(annotation: Annotation, { kind, apply, startedAt }: MaskChange): Annotation | null {
    const { imageSize, now } = this.core;
    const { mask, pixels } = changed(runsOf(annotation.mask), apply, imageSize);
    if (pixels === 0) return null;
    const tookMs = startedAt === undefined ? 0 : now() - startedAt;
    return { ...annotation, mask, provenance: withEdit(annotation.provenance, { kind, pixels }, tookMs) };
  }

  private cleaning(kind: CleanUp): MaskChange['apply'] {
    return (runs) => CLEAN_UPS[kind](runs, this.core.imageSize, this.current);
  }

  private runsAtHand(): readonly Runs[] {
    const { making } = this.parts.prompting.session;
    if (making.isBegun) return [runsOfMaking(making.shown, this.core.imageSize)];
    return this.parts.objects.editable.map(({ mask }) => runsOf(mask));
  }
}

/** The accepted masks as a person handles them: selected, highlighted, hidden, locked, given a category, deleted. */
import type { Point } from '../geometry/types';
import type { Core } from './core';
import { annotationAt } from './hitTest';
import type { Annotation } from './model';

export class Objects {
  private selected: readonly string[] = [];
  private hovered: string | null = null;
  private hiddenIds: ReadonlySet<string> = new Set();
  private lockedIds: ReadonlySet<string> = new Set();

  constructor(private readonly core: Core) {}

  /** Those that are there, in the order in which they were selected. One that is gone is selected again when undo brings it back. */
  get selection(): readonly string[] {
    return this.present(this.selected);
  }

  /** The selected annotations that may be changed. */
  get editable(): readonly Annotation[] {
    return this.unlocked(this.selection).flatMap((id) => this.core.document.find(id) ?? []);
  }

  get hoveredId(): string | null {
    const { hovered } = this;
    return hovered !== null && this.core.document.find(hovered) ? hovered : null;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  /** Neither hit by the pointer nor changed. */
  get locked(): ReadonlySet<string> {
    return this.lockedIds;
  }

  /** The smallest annotation under the point that is neither hidden nor locked. */
  at(point: Point): string | null {
    const { hiddenIds, lockedIds } = this;
    const isReachable = ({ id }: Annotation) => !hiddenIds.has(id) && !lockedIds.has(id);
    return annotationAt(this.core.document.annotations, point, isReachable)?.id ?? null;
  }

  select(ids: readonly string[]): void {
    this.core.act(() => (this.selected = ids));
  }

  /** Adds to the selection, or takes away from it. */
  toggle(id: string): void {
    const { selection } = this;
    this.select(selection.includes(id) ? selection.filter((other) => other !== id) : [...selection, id]);
  }

  /** The one that follows the last selected, round and round; hidden ones are passed over. */
  selectNext(by: 1 | -1): void {
    const shown = this.core.document.annotations.filter(({ id }) => !this.hiddenIds.has(id));
    const at = shown.findIndex(({ id }) => id === this.selection.at(-1));
    const start = at < 0 && by < 0 ? 0 : at;
    const next = shown[(start + by + shown.length) % shown.length];
    if (next) this.select([next.id]);
  }

  /** Highlights an annotation, under the pointer or in a list. */
  hover(id: string | null): void {
    this.core.transact(() => (this.hovered = id));
  }

  setHidden(ids: readonly string[], isHidden: boolean): void {
    this.core.act(() => (this.hiddenIds = changed(this.hiddenIds, ids, isHidden)));
  }

  setLocked(ids: readonly string[], isLocked: boolean): void {
    this.core.act(() => (this.lockedIds = changed(this.lockedIds, ids, isLocked)));
  }

  /** Locked ones stay. */
  delete(ids: readonly string[]): void {
    this.core.commit(this.unlocked(ids).map((id) => ({ kind: 'delete', id })));
  }

  recategorise(ids: readonly string[], categoryId: number | null): void {
    this.core.commit(this.unlocked(ids).map((id) => ({ kind: 'update', id, changes: { categoryId } })));
  }

  /** Of the selected annotations if there are any, else of the next mask. */
  setCategory(id: number | null): void {
    const { selection } = this;
    if (selection.length > 0) this.recategorise(selection, id);
    else this.core.act(() => (this.core.categoryId = id));
  }

  private present(ids: readonly string[]): readonly string[] {
    const { document } = this.core;
    return ids.every((id) => document.find(id)) ? ids : ids.filter((id) => document.find(id));
  }

  private unlocked(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => !this.lockedIds.has(id));
  }
}

function changed(set: ReadonlySet<string>, ids: readonly string[], isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}

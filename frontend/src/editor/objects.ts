/** The accepted masks as a person handles them: selected, highlighted, hidden, locked, described, deleted. */
import type { Point } from '../geometry/types';
import type { Message } from '../i18n/message';
import { allows, definitionOf, fitted, withValue } from './attributes';
import type { Core } from './core';
import { deletionOf, partsOf, wholesOf } from './family';
import { annotationAt } from './hitTest';
import type { Annotation, AnnotationChanges, AttributeValue, Category } from './model';
import { Visibility } from './visibility';

type ById = ReadonlyMap<string, Annotation>;

const NOBODY: readonly string[] = [];

export const LOCKED: Message = { key: 'editor:lockedMask' };

export class Objects {
  private asksBeforeDelete = false;
  private selected = NOBODY;
  private doomed = NOBODY;
  private hovered: string | null = null;
  private readonly visibility = new Visibility();
  private index: { readonly of: readonly Annotation[]; readonly byId: ById } | null = null;
  private present: {
    readonly of: ById;
    readonly selected: readonly string[];
    ids: readonly string[];
  } | null = null;

  constructor(private readonly core: Core) {}

  /** Those that are there, in the order in which they were selected. One that is gone is selected again when undo brings it back. */
  get selection(): readonly string[] {
    const { byId, selected, present } = this;
    if (present?.of === byId && present.selected === selected) return present.ids;
    const ids = selected.every((id) => byId.has(id)) ? selected : selected.filter((id) => byId.has(id));
    this.present = { of: byId, selected, ids };
    return ids;
  }

  /** The selected annotations that may be changed. */
  get editable(): readonly Annotation[] {
    return this.unlocked(this.selection).flatMap((id) => this.byId.get(id) ?? []);
  }

  get hoveredId(): string | null {
    const { hovered } = this;
    return hovered !== null && this.byId.has(hovered) ? hovered : null;
  }

  /** Neither drawn nor hit by the pointer: hidden by hand, or left out by solo or by the list. */
  get hidden(): ReadonlySet<string> {
    return this.visibility.hidden(this.core.document.annotations, this.selection);
  }

  get hiddenByHand(): ReadonlySet<string> {
    return this.visibility.hiddenByHand;
  }

  get isSolo(): boolean {
    return this.visibility.isSolo;
  }

  /** Neither hit by the pointer nor changed. */
  get locked(): ReadonlySet<string> {
    return this.visibility.locked;
  }

  /** What is to be deleted once a person says yes. */
  get toDelete(): readonly string[] {
    return this.doomed;
  }

  /** The smallest annotation under the point that is neither hidden nor locked. */
  at(point: Point): string | null {
    const { hidden, locked } = this;
    const isReachable = ({ id }: Annotation) => !hidden.has(id) && !locked.has(id);
    return annotationAt(this.core.document.annotations, point, isReachable)?.id ?? null;
  }

  // The selection.

  select(ids: readonly string[]): void {
    this.core.act(() => (this.selected = ids));
  }

  /** Adds to the selection, or takes away from it. */
  toggle(id: string): void {
    const { selection } = this;
    this.select(selection.includes(id) ? selection.filter((other) => other !== id) : [...selection, id]);
  }

  /** The one that follows the last selected in the list, round and round; hidden ones are passed over. */
  selectNext(by: 1 | -1): void {
    const ids = this.visibility.reachable(this.core.document.annotations);
    const last = this.selection.at(-1);
    const at = last === undefined ? -1 : ids.indexOf(last);
    const start = at < 0 && by < 0 ? 0 : at;
    const next = ids[(start + by + ids.length) % ids.length];
    if (next !== undefined) this.select([next]);
  }

  selectAll(): void {
    this.select(this.visibility.reachable(this.core.document.annotations));
  }

  invertSelection(): void {
    const selected = new Set(this.selection);
    this.select(this.visibility.reachable(this.core.document.annotations).filter((id) => !selected.has(id)));
  }

  /** All that have the category of one that is selected. */
  selectSameCategory(): void {
    const categories = new Set(this.selection.map((id) => this.byId.get(id)?.categoryId));
    const isOfOne = (id: string) => categories.has(this.byId.get(id)?.categoryId);
    this.select(this.visibility.reachable(this.core.document.annotations).filter(isOfOne));
  }

  /** The wholes of the selected ones; where they have none, nothing changes. */
  selectWholes(): void {
    this.selectIfAny(wholesOf(this.selection, this.byId));
  }

  selectParts(): void {
    this.selectIfAny(partsOf(this.selection, this.core.document.annotations));
  }

  /** Highlights an annotation, under the pointer or in a list. */
  hover(id: string | null): void {
    this.core.transact(() => (this.hovered = id));
  }

  // Sight and reach.

  setHidden(ids: readonly string[], isHidden: boolean): void {
    this.core.act(() => this.visibility.setHidden(ids, isHidden));
  }

  setLocked(ids: readonly string[], isLocked: boolean): void {
    this.core.act(() => this.visibility.setLocked(ids, isLocked));
  }

  /** Hides the selected ones; shows them where all of them are hidden. */
  toggleHidden(): void {
    const { selection, hiddenByHand } = this;
    this.setHidden(selection, !selection.every((id) => hiddenByHand.has(id)));
  }

  toggleLocked(): void {
    const { selection, locked } = this;
    this.setLocked(selection, !selection.every((id) => locked.has(id)));
  }

  setAllHidden(isHidden: boolean): void {
    this.setHidden(this.ids, isHidden);
  }

  setAllLocked(isLocked: boolean): void {
    this.setLocked(this.ids, isLocked);
  }

  /** Only the selected ones are shown, while any is. */
  toggleSolo(): void {
    this.core.act(() => (this.visibility.isSolo = !this.visibility.isSolo));
  }

  /** What the list shows, in its order: what walking and selecting all keep to. Null: everything. */
  setListed(ids: readonly string[] | null, drawsListedOnly = false): void {
    this.core.transact(() => {
      this.visibility.listed = ids;
      this.visibility.drawsListedOnly = drawsListedOnly;
    });
  }

  // Changes. Locked ones stay as they are.

  /** Whether `remove` waits for a yes. */
  askBeforeDelete(asks: boolean): void {
    this.asksBeforeDelete = asks;
  }

  /** Deletes, or asks first. */
  remove(ids: readonly string[]): void {
    this.withFree(ids, (free) => {
      if (this.asksBeforeDelete) this.doomed = free;
      else this.delete(free);
    });
  }

  /** The answer to what `remove` asked. */
  answer(isYes: boolean): void {
    const { doomed } = this;
    this.core.act(() => {
      this.doomed = NOBODY;
      if (isYes) this.delete(doomed);
    });
  }

  /** The parts of what is deleted stay, as wholes of their own. */
  delete(ids: readonly string[]): void {
    this.withFree(ids, (free) => this.core.commit(deletionOf(free, this.core.document.annotations)));
  }

  /** What the new category does not define goes in the same change. */
  recategorise(ids: readonly string[], categoryId: number | null): void {
    const category = this.category(categoryId);
    this.update(ids, (annotation) => {
      const attributes = fitted(annotation.attributes, category);
      return attributes === annotation.attributes ? { categoryId } : { categoryId, attributes };
    });
  }

  /** Of the selected annotations if there are any, else of the next mask. */
  setCategory(id: number | null): void {
    const { selection } = this;
    if (selection.length > 0) this.recategorise(selection, id);
    else this.core.act(() => (this.core.categoryId = id));
  }

  /** Of those whose category defines the attribute and allows the value; null takes it away. */
  setAttribute(ids: readonly string[], name: string, value: AttributeValue | null): void {
    this.update(ids, (annotation) => {
      const definition = definitionOf(this.category(annotation.categoryId), name);
      if (!definition || (value !== null && !allows(definition, value))) return {};
      return { attributes: withValue(annotation.attributes, name, value) };
    });
  }

  private update(ids: readonly string[], changesOf: (annotation: Annotation) => AnnotationChanges): void {
    this.withFree(ids, (free) => {
      const annotations = free.flatMap((id) => this.byId.get(id) ?? []);
      this.core.commit(
        annotations.map((annotation) => ({
          kind: 'update',
          id: annotation.id,
          changes: changesOf(annotation),
        })),
      );
    });
  }

  private selectIfAny(ids: readonly string[]): void {
    if (ids.length > 0) this.select(ids);
  }

  private category(id: number | null): Category | undefined {
    return this.core.categories.find((category) => category.id === id);
  }

  private get ids(): readonly string[] {
    return this.core.document.annotations.map(({ id }) => id);
  }

  /** By id; made anew when the list has changed. */
  private get byId(): ById {
    const { annotations } = this.core.document;
    if (this.index?.of !== annotations) {
      this.index = { of: annotations, byId: new Map(annotations.map((one) => [one.id, one])) };
    }
    return this.index.byId;
  }

  /** Does what can be done to those that are not locked; where all are, the person is told. */
  private withFree(ids: readonly string[], change: (free: readonly string[]) => void): void {
    this.core.act(() => {
      const free = this.unlocked(ids);
      if (free.length > 0) change(free);
      else if (ids.length > 0) this.core.refuse(LOCKED);
    });
  }

  private unlocked(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => !this.locked.has(id));
  }
}

/** The rows of the list of masks: filtered, in order, grouped by category or as parts under their whole. Pure. */
import type { Annotation, Category } from '../../editor/model';
import { naturalOrder } from '../kit/text';
import { type ObjectFacts, type ObjectFilter, type ObjectState, passes, scoreOf } from './objectFilter';

export type SortKey = 'number' | 'category' | 'area' | 'score';
export type Grouping = 'none' | 'category' | 'whole';

/** How a person looks at the list. */
export interface ObjectView {
  readonly filter: ObjectFilter;
  readonly sortedBy: SortKey;
  readonly isDescending: boolean;
  readonly grouping: Grouping;
  /** Keys of the groups whose masks are folded away. */
  readonly folded: ReadonlySet<string>;
}

export interface GroupRow {
  readonly kind: 'group';
  readonly key: string;
  readonly categoryId: number | null;
  readonly name: string;
  readonly count: number;
  readonly isFolded: boolean;
}

export interface ObjectRow {
  readonly kind: 'object';
  /** The id of the annotation. */
  readonly key: string;
  readonly annotation: Annotation;
  readonly number: number;
  /** From 1; parts and members of a group are one deeper. */
  readonly level: number;
}

export type Row = GroupRow | ObjectRow;

export interface ObjectSources {
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  readonly statesOf: (id: string) => readonly ObjectState[];
  /** What stands for no category, in the language of the page. */
  readonly noCategory: string;
}

export interface Listing {
  readonly rows: readonly Row[];
  /** Every mask that passes the filter, also in a folded group, in the order of the rows. */
  readonly ids: readonly string[];
}

export function listingOf(sources: ObjectSources, view: ObjectView): Listing {
  const facts = factsOf(sources).filter((one) => passes(one, view.filter));
  const sorted = facts.toSorted(orderOf(view));
  if (view.grouping === 'whole') return unfolded(sorted);
  if (view.grouping === 'category') return grouped(sorted, sources, view.folded);
  return { rows: sorted.map((one) => rowOf(one, 1)), ids: sorted.map(idOf) };
}

function factsOf({ annotations, categories, statesOf, noCategory }: ObjectSources): ObjectFacts[] {
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  return annotations.map((annotation, index) => ({
    annotation,
    number: index + 1,
    categoryName: names.get(annotation.categoryId ?? -1) ?? noCategory,
    states: statesOf(annotation.id),
  }));
}

const idOf = ({ annotation }: ObjectFacts): string => annotation.id;

function rowOf({ annotation, number }: ObjectFacts, level: number): ObjectRow {
  return { kind: 'object', key: annotation.id, annotation, number, level };
}

type Order = (one: ObjectFacts, other: ObjectFacts) => number;

const ORDERS: Readonly<Record<SortKey, Order>> = {
  number: (one, other) => one.number - other.number,
  category: (one, other) => naturalOrder(one.categoryName, other.categoryName),
  area: (one, other) => one.annotation.mask.area - other.annotation.mask.area,
  score: (one, other) => scoreOrNone(one) - scoreOrNone(other),
};

const scoreOrNone = ({ annotation }: ObjectFacts): number => scoreOf(annotation) ?? -1;

/** What is equal stays in the order of acceptance. */
function orderOf({ sortedBy, isDescending }: ObjectView): Order {
  const order = ORDERS[sortedBy];
  return isDescending ? (one, other) => order(other, one) : order;
}

function grouped(
  sorted: readonly ObjectFacts[],
  { categories, noCategory }: ObjectSources,
  folded: ReadonlySet<string>,
): Listing {
  const members = groupBy(sorted, ({ annotation }) => annotation.categoryId);
  const groups = [...categories, { id: null, name: noCategory }].filter(({ id }) => members.has(id));
  const rows = groups.flatMap(({ id, name }): Row[] => {
    const [own, key] = [members.get(id) ?? [], `category ${id}`];
    const isFolded = folded.has(key);
    const head: Row = { kind: 'group', key, categoryId: id, name, count: own.length, isFolded };
    return isFolded ? [head] : [head, ...own.map((one) => rowOf(one, 2))];
  });
  return { rows, ids: groups.flatMap(({ id }) => (members.get(id) ?? []).map(idOf)) };
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Parts under their whole. A part whose whole is not listed stands by itself, and so does what names itself as whole. */
function unfolded(sorted: readonly ObjectFacts[]): Listing {
  const listed = new Set(sorted.map(idOf));
  const parts = groupBy(sorted, ({ annotation: { parentId } }) =>
    parentId !== null && listed.has(parentId) ? parentId : null,
  );
  const rows: ObjectRow[] = [];
  const placed = new Set<string>();
  const place = (one: ObjectFacts, level: number): void => {
    if (placed.has(idOf(one))) return;
    placed.add(idOf(one));
    rows.push(rowOf(one, level));
    for (const part of parts.get(idOf(one)) ?? []) place(part, level + 1);
  };
  for (const one of [...(parts.get(null) ?? []), ...sorted]) place(one, 1);
  return { rows, ids: rows.map(({ key }) => key) };
}

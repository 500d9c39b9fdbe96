import { describe, expect, test } from 'vitest';

import type { Annotation, Provenance } from '../../editor/model';
import { annotation } from '../../editor/testing/person';
import { EVERYTHING, isFiltering, type ObjectFilter, type ObjectState } from './objectFilter';
import { listingOf, type ObjectSources, type ObjectView, type Row } from './objectRows';

const CATEGORIES = [
  { id: 11, name: 'cat', color: '#ff0000', attributes: [] },
  { id: 12, name: 'dog', color: '#00ff00', attributes: [] },
];
const MANUAL: Provenance = { source: 'manual', edits: [], seconds: 1 };
const STATES: Record<string, ObjectState[]> = { paw: ['hidden'], dog: ['unsaved', 'locked'] };

const scored = (one: Annotation, predicted_iou: number): Annotation => ({
  ...one,
  provenance: { ...one.provenance, predicted_iou } as Provenance,
});

const cat = scored(annotation('cat', [0, 0, 40, 40]), 0.95);
const paw: Annotation = { ...scored(annotation('paw', [0, 0, 10, 10]), 0.6), parentId: 'cat' };
const claw: Annotation = { ...annotation('claw', [0, 0, 2, 2]), parentId: 'paw', provenance: MANUAL };
const dog: Annotation = {
  ...scored(annotation('dog', [50, 0, 70, 20]), 0.8),
  categoryId: 12,
  attributes: { coat: 'Curly', age: 7 },
};
const thing: Annotation = { ...annotation('thing', [50, 50, 60, 60]), categoryId: null };

const SOURCES: ObjectSources = {
  annotations: [claw, dog, cat, paw, thing],
  categories: CATEGORIES,
  statesOf: (id) => STATES[id] ?? [],
  noCategory: 'No category',
};
const PLAIN: ObjectView = {
  filter: EVERYTHING,
  sortedBy: 'number',
  isDescending: false,
  grouping: 'none',
  folded: new Set(),
};

const listing = (view: Partial<ObjectView> = {}) => listingOf(SOURCES, { ...PLAIN, ...view });
const filtered = (filter: Partial<ObjectFilter>) => listing({ filter: { ...EVERYTHING, ...filter } }).ids;
const outline = (rows: readonly Row[]) =>
  rows.map((row) =>
    row.kind === 'group' ? `${row.name} (${row.count})` : `${'-'.repeat(row.level)}${row.key}`,
  );

describe('the filter', () => {
  test.each<[string, Partial<ObjectFilter>, string[]]>([
    ['everything', {}, ['claw', 'dog', 'cat', 'paw', 'thing']],
    ['a category', { categories: [12] }, ['dog']],
    ['no category among others', { categories: [12, null] }, ['dog', 'thing']],
    ['a source', { sources: ['manual'] }, ['claw']],
    ['any of two states', { states: ['hidden', 'unsaved'] }, ['dog', 'paw']],
    ['a range of scores, ends included, without what has none', { score: [0.6, 0.8] }, ['dog', 'paw']],
    ['a part of a category', { text: 'DO' }, ['dog']],
    ['no category by its name', { text: 'no cat' }, ['thing']],
    ['a number', { text: '#3' }, ['cat']],
    ['a number, and a number that is said', { text: '7' }, ['dog']],
    ['what an attribute says, all words', { text: 'coat curly' }, ['dog']],
    ['words of which one is not there', { text: 'dog straight' }, []],
    ['two kinds of rule at once', { categories: [11], score: [0.9, 1] }, ['cat']],
  ])('passes %s', (_, filter, ids) => {
    expect(filtered(filter)).toEqual(ids);
  });

  test('knows whether it leaves anything out', () => {
    expect(isFiltering({ ...EVERYTHING, text: '  ' })).toBe(false);
    expect(isFiltering({ ...EVERYTHING, score: [0, 0.9] })).toBe(true);
  });
});

describe('the order', () => {
  test.each<[Partial<ObjectView>, string[]]>([
    [{ sortedBy: 'area', isDescending: true }, ['cat', 'dog', 'paw', 'thing', 'claw']],
    [{ sortedBy: 'score' }, ['claw', 'paw', 'dog', 'thing', 'cat']],
    [{ sortedBy: 'category' }, ['claw', 'cat', 'paw', 'dog', 'thing']],
    [{ isDescending: true }, ['thing', 'paw', 'cat', 'dog', 'claw']],
  ])('%o', (view, ids) => {
    expect(listing(view).ids).toEqual(ids);
  });

  test('leaves every mask its number', () => {
    const { rows } = listing({ isDescending: true });
    expect(rows.map((row) => (row.kind === 'object' ? row.number : null))).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('groups', () => {
  test('by category come in the order of the palette, without empty ones', () => {
    expect(outline(listing({ grouping: 'category' }).rows)).toEqual([
      ...['cat (3)', '--claw', '--cat', '--paw'],
      ...['dog (1)', '--dog'],
      ...['No category (1)', '--thing'],
    ]);
  });

  test('that are folded keep their masks in the list', () => {
    const { rows, ids } = listing({ grouping: 'category', folded: new Set(['category 11']) });
    expect(outline(rows)).toEqual(['cat (3)', 'dog (1)', '--dog', 'No category (1)', '--thing']);
    expect(ids).toEqual(['claw', 'cat', 'paw', 'dog', 'thing']);
  });

  test('by whole put parts under it, at any depth, in the order asked for', () => {
    expect(outline(listing({ grouping: 'whole' }).rows)).toEqual([
      '-dog',
      '-cat',
      '--paw',
      '---claw',
      '-thing',
    ]);
  });

  test('by whole let a part stand alone whose whole is left out', () => {
    const view: Partial<ObjectView> = { grouping: 'whole', filter: { ...EVERYTHING, score: [0.5, 0.9] } };
    expect(outline(listing(view).rows)).toEqual(['-dog', '-paw', '-thing']);
  });

  test('by whole list two that name each other once', () => {
    const annotations = [
      { ...annotation('a'), parentId: 'b' },
      { ...annotation('b'), parentId: 'a' },
    ];
    const { rows } = listingOf({ ...SOURCES, annotations }, { ...PLAIN, grouping: 'whole' });
    expect(outline(rows)).toEqual(['-a', '--b']);
  });
});

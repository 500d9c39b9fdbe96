import { expect, test } from 'vitest';

import { type Entry, found } from './paletteEntries';

const entry = (title: string, alias = title, changes: Partial<Entry> = {}): Entry => ({
  ...{ id: title, title, alias, group: '', keys: [], isEnabled: true, isSearchedOnly: false },
  run: () => undefined,
  ...changes,
});

const ENTRIES = [
  entry('放大', 'Zoom in'),
  entry('Zoom out'),
  entry('Next image'),
  entry('Category: dog', 'Category: dog, class', { isSearchedOnly: true }),
  entry('Merge the selected masks', undefined, { isEnabled: false }),
];

const titles = (text: string) => found(text, ENTRIES).map(({ title }) => title);

test('without words everything but what is only searched for, what is not possible last', () => {
  expect(titles('')).toEqual(['放大', 'Zoom out', 'Next image', 'Merge the selected masks']);
});

test.each([
  ['zoom in', '放大'],
  ['放', '放大'],
  ['image next', 'Next image'],
  ['nxt', 'Next image'],
  ['class dog', 'Category: dog'],
  ['dog', 'Category: dog'],
  ['masks merge', 'Merge the selected masks'],
])('%s finds %s', (text, title) => {
  expect(titles(text)[0]).toBe(title);
});

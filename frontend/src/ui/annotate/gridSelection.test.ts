import { describe, expect, test } from 'vitest';

import { annotation } from '../../editor/testing/person';
import { type Choice, type Held, rowAfter, selectionAfter } from './gridSelection';
import type { Row } from './objectRows';

const mask = (key: string): Row => ({
  kind: 'object',
  key,
  annotation: annotation(key),
  number: 1,
  level: 1,
});
const GROUP: Row = { kind: 'group', key: 'group', categoryId: 1, name: 'cat', count: 2, isFolded: false };
const ROWS: readonly Row[] = [mask('a'), mask('b'), GROUP, mask('c'), mask('d')];

describe('keys go', () => {
  test.each<[string, number, number | null]>([
    ['ArrowDown', 1, 2],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 4, 4],
    ['End', 1, 4],
    ['Home', 3, 0],
    ['PageDown', 0, 4],
    ['ArrowUp', -1, 0],
    ['ArrowDown', -1, 0],
    ['End', -1, 4],
    ['h', 1, null],
  ])('%s from row %i to %s', (key, active, row) => {
    expect(rowAfter(key, active, ROWS.length)).toBe(row);
  });

  test('nowhere in an empty list', () => {
    expect(rowAfter('ArrowDown', -1, 0)).toBeNull();
  });
});

describe('a press selects', () => {
  const after = (key: string, held: Partial<Held> = {}, choice: Partial<Choice> = {}) =>
    selectionAfter(
      key,
      { shift: false, mod: false, ...held },
      { rows: ROWS, selection: ['a'], anchor: 'a', ...choice },
    );

  test.each<[string, string, Partial<Held>, Partial<Choice>, readonly string[] | null]>([
    ['one alone', 'c', {}, {}, ['c']],
    ['one more with Control', 'c', { mod: true }, {}, ['a', 'c']],
    ['one less with Control', 'a', { mod: true }, {}, []],
    ['a range with Shift, without the heads of groups', 'c', { shift: true }, {}, ['a', 'b', 'c']],
    ['a range upwards, the last one last', 'a', { shift: true }, { anchor: 'c' }, ['c', 'b', 'a']],
    ['one alone with Shift where no range was begun', 'b', { shift: true }, { anchor: null }, ['b']],
    ['nothing new on the head of a group', 'group', {}, {}, null],
  ])('%s', (_, key, held, choice, selection) => {
    expect(after(key, held, choice)).toEqual(selection);
  });
});

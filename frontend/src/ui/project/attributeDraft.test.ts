import { describe, expect, test } from 'vitest';

import type { AttributeDefinition } from '../../api/types';
import { definitionFrom, draftOf, EMPTY_DRAFT, isSameDefinition } from './attributeDraft';

const DEFINITIONS: readonly AttributeDefinition[] = [
  { name: 'note', kind: 'text', default: null },
  { name: 'note', kind: 'text', default: 'none' },
  { name: 'age', kind: 'number', minimum: 0, maximum: null, default: 0 },
  { name: 'view', kind: 'choice', choices: ['front', 'side'], default: 'side' },
  { name: 'cut', kind: 'checkbox', default: false },
  { name: 'cut', kind: 'checkbox', default: null },
];

test.each(DEFINITIONS)('%o is the same after it was shown in fields', (definition) => {
  expect(definitionFrom(draftOf(definition))).toEqual(definition);
});

describe('what is typed', () => {
  test('needs a name', () => {
    expect(definitionFrom({ ...EMPTY_DRAFT, name: '  ' })).toBeNull();
  });

  test('needs a choice to choose from', () => {
    expect(definitionFrom({ ...EMPTY_DRAFT, name: 'view', kind: 'choice', choices: ' , ' })).toBeNull();
  });

  test('may have the commas of any of our languages between choices', () => {
    const draft = { ...EMPTY_DRAFT, name: 'view', kind: 'choice', choices: '前，后、 side' } as const;
    expect(definitionFrom(draft)).toMatchObject({ choices: ['前', '后', 'side'] });
  });

  test('counts as nothing where a number is asked and none is there', () => {
    const draft = { ...EMPTY_DRAFT, name: 'age', kind: 'number', minimum: 'zero', maximum: '1e1' } as const;
    expect(definitionFrom(draft)).toMatchObject({ minimum: null, maximum: 10 });
  });
});

test('definitions are the same where one leaves out what the other calls nothing', () => {
  expect(
    isSameDefinition({ name: 'age', kind: 'number' }, { name: 'age', kind: 'number', minimum: null }),
  ).toBe(true);
  expect(isSameDefinition({ name: 'age', kind: 'number' }, { name: 'age', kind: 'number', minimum: 0 })).toBe(
    false,
  );
});

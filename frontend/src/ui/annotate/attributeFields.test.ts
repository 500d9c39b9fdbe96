import { expect, test } from 'vitest';

import type { Annotation, AttributeDef, Category } from '../../editor/model';
import { annotation } from '../../editor/testing/person';
import { attributeFields } from './attributeFields';

const AGE: AttributeDef = { name: 'age', kind: 'number', minimum: 0 };
const ASLEEP: AttributeDef = { name: 'asleep', kind: 'checkbox' };
const category = (id: number, ...attributes: AttributeDef[]): Category => ({
  ...{ id, attributes },
  name: String(id),
  color: '#ff0000',
});
const CATEGORIES = [
  category(1, AGE, ASLEEP),
  category(2, { ...AGE, default: 3 }),
  category(3, { ...AGE, minimum: 5 }),
];

const saying = (categoryId: number | null, attributes: Annotation['attributes'] = {}): Annotation => ({
  ...annotation(`${categoryId}`),
  ...{ categoryId, attributes },
});
const names = (...annotations: Annotation[]) =>
  attributeFields(annotations, CATEGORIES).map(({ definition }) => definition.name);

test('are those of the category, in its order', () => {
  expect(names(saying(1))).toEqual(['age', 'asleep']);
});

test('are those that all categories define alike, whatever their defaults', () => {
  expect(names(saying(1), saying(2))).toEqual(['age']);
  expect(names(saying(1), saying(3))).toEqual([]);
  expect(names(saying(1), saying(null))).toEqual([]);
});

test('say one value, none, or different ones', () => {
  const said = (...values: Annotation['attributes'][]) =>
    attributeFields(
      values.map((attributes) => saying(1, attributes)),
      CATEGORIES,
    )[0]?.said;
  expect(said({ age: 2 }, { age: 2 })).toEqual({ isMixed: false, value: 2 });
  expect(said({}, {})).toEqual({ isMixed: false, value: null });
  expect(said({ age: 2 }, {})).toEqual({ isMixed: true });
});

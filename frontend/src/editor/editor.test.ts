import { expect, test } from 'vitest';
import { Person } from './testing/person';

test('a click becomes a mask, and Enter makes it an annotation', async () => {
  const person = new Person();
  await person.click(30, 40);
  expect(person.making.prompts).toEqual([{ kind: 'point', x: 30, y: 40, label: 1 }]);
  expect(person.making.state).toBe('shown');
  await person.key('Enter');
  expect(person.sees.annotations).toHaveLength(1);
  expect(person.sees.making).toBeNull();
  expect(person.changes.map(({ kind }) => kind)).toEqual(['create']);
});

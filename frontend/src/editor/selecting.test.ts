import { describe, expect, test } from 'vitest';
import { annotation, Person } from './testing/person';

describe('selecting', () => {
  const whole = annotation('whole', [0, 0, 50, 50]);
  const part = annotation('part', [10, 10, 20, 20]);
  const selecting = async (): Promise<Person> => {
    const person = new Person({ annotations: [part, whole] });
    await person.key('v');
    return person;
  };

  test('the pointer highlights the smallest mask under it', async () => {
    const person = await selecting();
    await person.move(15, 15);
    expect(person.sees.hoveredId).toBe('part');
    await person.move(40, 40);
    expect(person.sees.hoveredId).toBe('whole');
    await person.move(90, 70);
    expect(person.sees.hoveredId).toBeNull();
  });

  test('a press selects, beside everything it selects nothing, and so does Escape', async () => {
    const person = await selecting();
    await person.click(15, 15);
    expect(person.sees.selection).toEqual(['part']);
    await person.click(90, 70);
    expect(person.sees.selection).toEqual([]);
    await person.click(40, 40);
    await person.key('Escape');
    expect(person.sees.selection).toEqual([]);
  });

  test('Delete removes the selected one, undo brings it back in its place', async () => {
    const person = await selecting();
    await person.click(15, 15);
    await person.key('Delete');
    expect(person.order()).toEqual(['whole']);
    expect(person.sees).toMatchObject({ selection: [], hoveredId: null });
    expect(person.changes.at(-1)).toEqual({ kind: 'delete', id: 'part', version: 1 });
    await person.key('Mod+z');
    expect(person.order()).toEqual(['part', 'whole']);
  });

  test('a number key recategorises it and leaves the category of the next mask alone', async () => {
    const person = await selecting();
    await person.click(15, 15);
    await person.key('2');
    expect(person.sees.annotations[0]?.categoryId).toBe(12);
    expect(person.sees.categoryId).toBe(11);
    expect(person.changes.at(-1)).toEqual({
      kind: 'update',
      id: 'part',
      changes: { categoryId: 12 },
      after: { ...part, categoryId: 12 },
      baseVersion: 1,
    });
    await person.key('0');
    expect(person.sees.annotations[0]?.categoryId).toBeNull();
  });

  test('the category that it has already is no change', async () => {
    const person = await selecting();
    await person.click(15, 15);
    await person.key('1');
    expect(person.changes).toEqual([]);
    expect(person.sees.canUndo).toBe(false);
  });

  test('keys walk the annotations, round and round, and take the select tool in hand', async () => {
    const person = new Person({ annotations: [part, whole] });
    await person.key('.');
    expect(person.sees).toMatchObject({ selection: ['part'], tool: { id: 'select' } });
    await person.key('.');
    expect(person.sees.selection).toEqual(['whole']);
    await person.key('.');
    expect(person.sees.selection).toEqual(['part']);
    await person.key(',');
    expect(person.sees.selection).toEqual(['whole']);
  });

  test('the key for the one before starts with the last', async () => {
    const person = new Person({ annotations: [part, whole] });
    await person.key(',');
    expect(person.sees.selection).toEqual(['whole']);
  });

  test('the prompt tool in hand again, nothing is selected', async () => {
    const person = await selecting();
    await person.click(15, 15);
    await person.key('s', 'Delete');
    expect(person.sees.selection).toEqual([]);
    expect(person.order()).toEqual(['part', 'whole']);
  });
});

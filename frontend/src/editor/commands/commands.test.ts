import { describe, expect, test } from 'vitest';
import { COMMANDS, commandFor } from '.';
import { annotation, Person } from '../testing/person';

describe('the list of commands', () => {
  test('gives every id once, and every chord once in each mode', () => {
    const ids = COMMANDS.map(({ id }) => id);
    const chords = COMMANDS.flatMap(({ keys, mode = '' }) => keys.map((chord) => `${mode} ${chord}`));
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(chords).size).toBe(chords.length);
  });

  test('gives no command for a chord that nobody has taken', () => {
    expect(commandFor('Mod+Alt+q', new Person().editor)).toBeUndefined();
  });

  test('leaves Tab to the page while there is no mask in the making', async () => {
    const person = new Person();
    expect(commandFor('Tab', person.editor)).toBeUndefined();
    await person.click(1, 1);
    expect(commandFor('Tab', person.editor)?.id).toBe('nextCandidate');
  });

  test.each([
    ['deleteSelected', (person: Person) => person.editor.select(['a'])],
    ['undo', (person: Person) => person.editor.objects.delete(['a'])],
    [
      'redo',
      (person: Person) => {
        person.editor.objects.delete(['a']);
        person.editor.undo();
      },
    ],
    ['category1', null],
    ['selectNext', null],
  ])('%s is enabled when it can do something', (id, prepare) => {
    const command = COMMANDS.find((each) => each.id === id);
    const without = new Person({ categories: [] });
    expect(command?.enabled(without.editor)).toBe(false);
    const person = new Person({ annotations: [annotation('a')] });
    prepare?.(person);
    expect(command?.enabled(person.editor)).toBe(true);
  });

  test('does nothing harmful when run without being enabled', () => {
    const person = new Person();
    for (const command of COMMANDS) command.run(person.editor);
    expect(person.changes).toEqual([]);
    expect(person.sees).toMatchObject({ annotations: [], making: null });
  });

  test('a tool that does not exist is refused by name', () => {
    expect(() => new Person().editor.selectTool('wand')).toThrow(/wand.*prompt, select/);
  });
});

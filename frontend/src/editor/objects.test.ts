import { describe, expect, test } from 'vitest';
import type { Annotation, Category } from './model';
import { annotation, Person } from './testing/person';

const CAT: Category = {
  id: 11,
  name: 'cat',
  color: '#ff0000',
  attributes: [
    { name: 'asleep', kind: 'checkbox', default: false },
    { name: 'age', kind: 'number', minimum: 0, maximum: 30 },
    { name: 'coat', kind: 'choice', choices: ['short', 'long'] },
  ],
};
const DOG: Category = {
  id: 12,
  name: 'dog',
  color: '#00ff00',
  attributes: [
    { name: 'age', kind: 'number', minimum: 0, maximum: 10 },
    { name: 'tag', kind: 'text', default: 'none' },
  ],
};

const whole = annotation('whole', [0, 0, 50, 50]);
const part: Annotation = { ...annotation('part', [10, 10, 20, 20]), parentId: 'whole' };
const tip: Annotation = { ...annotation('tip', [12, 12, 15, 15]), parentId: 'part' };
const other: Annotation = { ...annotation('other', [60, 60, 70, 70]), categoryId: 12 };

function withObjects(...annotations: readonly Annotation[]): Person {
  return new Person({ annotations, categories: [CAT, DOG] });
}

const parentIn = (person: Person, id: string): string | null | undefined =>
  person.sees.annotations.find((one) => one.id === id)?.parentId;

describe('attributes', () => {
  test('a new mask says the defaults of its category', async () => {
    const person = withObjects();
    await person.click(5, 5);
    await person.key('Enter');
    expect(person.sees.annotations[0]?.attributes).toEqual({ asleep: false });
  });

  test('a value for all selected ones is one change of the history', async () => {
    const person = withObjects(whole, part);
    person.editor.objects.setAttribute(['whole', 'part'], 'age', 3);
    expect(person.sees.annotations.map(({ attributes }) => attributes)).toEqual([{ age: 3 }, { age: 3 }]);
    await person.key('Mod+z');
    expect(person.sees.annotations.map(({ attributes }) => attributes)).toEqual([{}, {}]);
  });

  test.each([
    ['a number beyond its bounds', 'age', 31],
    ['a word that is no choice', 'coat', 'curly'],
    ['a value of another kind', 'asleep', 'yes'],
    ['an attribute that the category does not define', 'tag', 'a'],
  ])('%s is not taken', (_, name, value) => {
    const person = withObjects(whole);
    person.editor.objects.setAttribute(['whole'], name, value);
    expect(person.changes).toEqual([]);
  });

  test('null takes a value away, and the same value again is no change', () => {
    const person = withObjects({ ...whole, attributes: { age: 3, asleep: true } });
    person.editor.objects.setAttribute(['whole'], 'age', 3);
    expect(person.changes).toEqual([]);
    person.editor.objects.setAttribute(['whole'], 'age', null);
    expect(person.sees.annotations[0]?.attributes).toEqual({ asleep: true });
  });

  test('a locked mask keeps its values', () => {
    const person = withObjects(whole);
    person.editor.objects.setLocked(['whole'], true);
    person.editor.objects.setAttribute(['whole'], 'age', 3);
    expect(person.changes).toEqual([]);
  });
});

describe('another category', () => {
  test('drops what it does not allow and adds its defaults in the same change; one undo brings both back', async () => {
    const attributes = { age: 20, coat: 'long', asleep: true };
    const person = withObjects({ ...whole, attributes });
    person.editor.objects.recategorise(['whole'], 12);
    expect(person.changes).toMatchObject([
      { kind: 'update', changes: { categoryId: 12, attributes: { tag: 'none' } } },
    ]);
    await person.key('Mod+z');
    expect(person.sees.annotations[0]).toMatchObject({ categoryId: 11, attributes });
  });

  test('keeps what it defines, too', () => {
    const person = withObjects({ ...whole, attributes: { age: 4 } });
    person.editor.objects.recategorise(['whole'], 12);
    expect(person.sees.annotations[0]?.attributes).toEqual({ age: 4, tag: 'none' });
  });

  test('none at all leaves nothing to say', () => {
    const person = withObjects({ ...whole, attributes: { age: 4 } });
    person.editor.objects.recategorise(['whole'], null);
    expect(person.sees.annotations[0]).toMatchObject({ categoryId: null, attributes: {} });
  });
});

describe('deleting a whole', () => {
  test('lets its parts go first, and undo gives them back after it is there again', async () => {
    const person = withObjects(whole, part, tip);
    person.editor.objects.delete(['whole']);
    expect(person.changes).toMatchObject([
      { kind: 'update', id: 'part', changes: { parentId: null } },
      { kind: 'delete', id: 'whole' },
    ]);
    await person.key('Mod+z');
    expect(person.changes.slice(2)).toMatchObject([
      { kind: 'create', annotation: { id: 'whole' } },
      { kind: 'update', id: 'part', changes: { parentId: 'whole' } },
    ]);
    expect(person.order()).toEqual(['whole', 'part', 'tip']);
  });

  test('with all below it takes the parts first, so that undo makes each whole before its parts', async () => {
    const person = withObjects(whole, part, tip);
    person.editor.objects.delete(['whole', 'tip', 'part']);
    const deleted = person.changes.map((change) => (change.kind === 'delete' ? change.id : null));
    expect(deleted).toEqual(['tip', 'part', 'whole']);
    await person.key('Mod+z');
    const created = person.changes
      .slice(3)
      .map((change) => (change.kind === 'create' ? change.annotation.id : null));
    expect(created).toEqual(['whole', 'part', 'tip']);
    expect([parentIn(person, 'part'), parentIn(person, 'tip')]).toEqual(['whole', 'part']);
  });

  test('of two that name each other ends', () => {
    const [a, b] = [
      { ...annotation('a'), parentId: 'b' },
      { ...annotation('b'), parentId: 'a' },
    ];
    const person = withObjects(a, b);
    person.editor.objects.delete(['a', 'b']);
    expect(person.order()).toEqual([]);
  });
});

describe('asking before deleting', () => {
  test('waits for the answer', async () => {
    const person = withObjects(whole, other);
    person.editor.objects.askBeforeDelete(true);
    person.editor.select(['whole']);
    await person.key('Delete');
    expect(person.sees.toDelete).toEqual(['whole']);
    person.editor.objects.answer(false);
    expect(person.sees).toMatchObject({ toDelete: [], annotations: [whole, other] });
    await person.key('Delete');
    person.editor.objects.answer(true);
    expect(person.order()).toEqual(['other']);
  });

  test('is not done for what is locked', async () => {
    const person = withObjects(whole);
    person.editor.objects.askBeforeDelete(true);
    person.editor.select(['whole']);
    await person.key('Shift+l', 'Delete');
    expect(person.sees.toDelete).toEqual([]);
    expect(person.sees.status.message).toEqual({ key: 'editor:lockedMask' });
  });
});

describe('what is hidden or locked', () => {
  const under = (person: Person): string | null => person.editor.objects.at({ x: 13, y: 13 });

  test('by key is not hit, and the same key shows it again', async () => {
    const person = withObjects(whole, part);
    person.editor.select(['part']);
    await person.key('h');
    expect(under(person)).toBe('whole');
    await person.key('h');
    expect(under(person)).toBe('part');
    await person.key('Shift+l');
    expect(under(person)).toBe('whole');
    await person.key('Alt+l');
    expect(under(person)).toBe('part');
  });

  test('all at once comes back all at once', async () => {
    const person = withObjects(whole, part);
    await person.key('Alt+Shift+h');
    expect(under(person)).toBeNull();
    await person.key('Alt+h');
    expect(under(person)).toBe('part');
  });

  test('by solo is everything but the selection, which may change; without one everything is shown', async () => {
    const person = withObjects(whole, part, other);
    person.editor.select(['whole']);
    await person.key('i');
    expect(person.sees.hidden).toEqual(new Set(['part', 'other']));
    expect(person.sees.hiddenByHand).toEqual(new Set());
    expect(under(person)).toBe('whole');
    await person.key('.');
    expect(person.sees.hidden).toEqual(new Set(['whole', 'other']));
    await person.key('Escape');
    expect(person.sees).toMatchObject({ hidden: new Set(), isSolo: true });
    await person.key('i');
    expect(person.sees.isSolo).toBe(false);
  });

  test('by the list is left out of the canvas only where that is asked for', () => {
    const person = withObjects(whole, part, other);
    person.editor.objects.setListed(['other']);
    expect(under(person)).toBe('part');
    person.editor.objects.setListed(['other'], true);
    expect(under(person)).toBeNull();
    person.editor.objects.setListed(null);
    expect(under(person)).toBe('part');
  });

  test('is the same set until something about it changes', async () => {
    const person = withObjects(whole, part);
    person.editor.select(['part']);
    await person.key('i');
    const before = person.sees.hidden;
    await person.move(13, 13);
    expect(person.sees.hidden).toBe(before);
  });
});

describe('selecting several', () => {
  test('walks in the order of the list, and passes over what it leaves out or a person hid', async () => {
    const person = withObjects(whole, part, tip, other);
    person.editor.objects.setListed(['other', 'part', 'whole']);
    person.editor.objects.setHidden(['part'], true);
    await person.key('.');
    expect(person.sees.selection).toEqual(['other']);
    await person.key('.');
    expect(person.sees.selection).toEqual(['whole']);
    await person.key('.');
    expect(person.sees.selection).toEqual(['other']);
  });

  test('all, the others, those of the same category', async () => {
    const person = withObjects(whole, part, other);
    await person.key('Mod+a');
    expect(person.sees).toMatchObject({
      selection: ['whole', 'part', 'other'],
      tool: { id: 'select' },
    });
    person.editor.select(['whole']);
    await person.key('Shift+c');
    expect(person.sees.selection).toEqual(['whole', 'part']);
    await person.key('Mod+i');
    expect(person.sees.selection).toEqual(['other']);
  });

  test('goes up to the whole and down to the parts, and stays where there is none', async () => {
    const person = withObjects(whole, part, tip);
    person.editor.select(['whole']);
    await person.key('Shift+u');
    expect(person.sees.selection).toEqual(['part']);
    await person.key('u');
    expect(person.sees.selection).toEqual(['whole']);
    await person.key('u');
    expect(person.sees.selection).toEqual(['whole']);
  });
});

test('a thousand masks on one another are hit-tested within 2 ms', () => {
  const many = Array.from({ length: 1000 }, (_, i) => {
    const [x, y] = [i % 40, Math.floor(i / 40)];
    return annotation(`m${i}`, [x, y, x + 50, y + 50]);
  });
  const { objects } = withObjects(...many).editor;
  const points = Array.from({ length: 200 }, (_, i) => ({ x: (i * 7) % 100, y: (i * 3) % 80 }));
  const started = performance.now();
  for (const point of points) objects.at(point);
  expect((performance.now() - started) / points.length).toBeLessThan(2);
});

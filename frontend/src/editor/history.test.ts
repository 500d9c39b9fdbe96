import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document } from './document';
import { History } from './history';
import type { Annotation, Change } from './model';
import { annotation, Person } from './testing/person';

fc.configureGlobal({ seed: 20261122 });

/** What a person sees of the annotations: versions are the server's business. */
function content({ sees }: Person): unknown[] {
  return sees.annotations.map(({ id, categoryId, mask }) => ({ id, categoryId, mask }));
}

describe('undo and redo', () => {
  test('act inside the mask in the making first, then across accepted masks', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Enter');
    await person.click(50, 40);
    await person.click(60, 40);
    await person.key('Mod+z');
    expect(person.making.prompts).toHaveLength(1);
    await person.key('Mod+z');
    expect(person.sees).toMatchObject({ making: null, annotations: [{ id: 'new-1' }] });
    await person.key('Mod+z');
    expect(person.sees).toMatchObject({ annotations: [], canUndo: false });
  });

  test('redo goes the same way back, prompt by prompt', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Enter');
    await person.click(50, 40);
    await person.click(60, 40);
    await person.key('Mod+z', 'Mod+z', 'Mod+z');
    await person.key('Mod+Shift+z');
    expect(person.sees).toMatchObject({ making: null, annotations: [{ id: 'new-1' }] });
    await person.key('Mod+y');
    expect(person.making.prompts).toHaveLength(1);
    await person.key('Mod+y');
    expect(person.making.prompts).toHaveLength(2);
    expect(person.sees.canRedo).toBe(false);
  });

  test('tell the outbox, under the same id', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Enter');
    person.editor.acknowledge('new-1', 1);
    await person.key('Mod+z', 'Mod+y');
    expect(person.changes).toMatchObject([
      { kind: 'create', annotation: { id: 'new-1', version: 0 } },
      { kind: 'delete', id: 'new-1', version: 1 },
      { kind: 'create', annotation: { id: 'new-1', version: 0 } },
    ]);
  });

  test('a new prompt ends what could be redone, before it and inside the mask', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Enter');
    await person.key('Mod+z');
    expect(person.sees.canRedo).toBe(true);
    await person.click(50, 40);
    expect(person.sees.canRedo).toBe(false);
    await person.key('Mod+z');
    await person.click(60, 40);
    expect(person.sees.canRedo).toBe(false);
  });

  test('a change of an annotation ends what could be redone', async () => {
    const person = new Person({ annotations: [annotation('a'), annotation('b')] });
    person.editor.objects.delete(['a']);
    await person.key('Mod+z');
    person.editor.objects.delete(['b']);
    expect(person.sees.canRedo).toBe(false);
  });

  test('a change of an annotation ends what could be redone inside the mask', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    await person.click(50, 50);
    await person.key('Escape');
    person.editor.objects.delete(['a']);
    expect(person.sees.canRedo).toBe(false);
  });

  test('Escape is undone by redo, prompt by prompt', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.click(50, 40);
    await person.key('Escape', 'Mod+y', 'Mod+y');
    expect(person.making.prompts).toHaveLength(2);
  });

  test('a mask that another tool has put away comes back with the prompt tool', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('v');
    expect(person.sees.making).toBeNull();
    await person.key('Mod+y');
    expect(person.sees).toMatchObject({ tool: { id: 'prompt' }, making: { prompts: [{ x: 30 }] } });
  });

  test('hovering, selecting, choosing a category or a candidate leave no entry', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    await person.move(30, 40);
    await person.key('2', 'v');
    await person.click(5, 5);
    await person.move(6, 6);
    await person.key('Escape', 's', 'Enter');
    expect(person.sees.canUndo).toBe(false);
  });

  test('any sequence of gestures is undone to the start and redone to the end', async () => {
    const gesture = fc.oneof(
      fc.constant({ kind: 'accept' as const }),
      fc.record({ kind: fc.constant('delete' as const), at: fc.nat() }),
      fc.record({
        kind: fc.constant('recategorise' as const),
        at: fc.nat(),
        to: fc.constantFrom(11, 12, null),
      }),
      fc.constantFrom({ kind: 'undo' as const }, { kind: 'redo' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(gesture, { maxLength: 25 }), async (gestures) => {
        const person = new Person({ annotations: [annotation('a'), annotation('b', [20, 20, 40, 40])] });
        const start = content(person);
        for (const each of gestures) await perform(person, each);
        await repeat(person, 'Mod+y');
        const end = content(person);
        await repeat(person, 'Mod+z');
        expect(content(person)).toEqual(start);
        await repeat(person, 'Mod+y');
        expect(content(person)).toEqual(end);
      }),
      { numRuns: 60 },
    );
  });
});

type Gesture =
  | { kind: 'accept' | 'undo' | 'redo' }
  | { kind: 'delete'; at: number }
  | { kind: 'recategorise'; at: number; to: number | null };

async function perform(person: Person, gesture: Gesture): Promise<void> {
  const { annotations } = person.sees;
  const target = 'at' in gesture ? annotations[gesture.at % annotations.length] : undefined;
  if (gesture.kind === 'accept') await person.click(30, 40).then(() => person.key('Enter'));
  if (gesture.kind === 'undo') await person.key('Mod+z');
  if (gesture.kind === 'redo') await person.key('Mod+y');
  if (gesture.kind === 'delete' && target) person.editor.objects.delete([target.id]);
  if (gesture.kind === 'recategorise' && target) person.editor.objects.recategorise([target.id], gesture.to);
}

/** Presses a key until it does nothing more. */
async function repeat(person: Person, chord: 'Mod+z' | 'Mod+y'): Promise<void> {
  while (chord === 'Mod+z' ? person.sees.canUndo : person.sees.canRedo) await person.key(chord);
}

test('a gesture of many patches is undone from its last patch to its first', () => {
  const document = new Document([annotation('a')], () => undefined);
  const history = new History(document);
  history.commit([
    { kind: 'update', id: 'a', changes: { categoryId: 12 } },
    { kind: 'delete', id: 'a' },
  ]);
  history.undo();
  expect(document.annotations).toMatchObject([{ id: 'a', categoryId: 11 }]);
});

describe('the stream of changes', () => {
  /** What a server makes of the changes, in order. */
  function replay(start: readonly Annotation[], changes: readonly Change[]): Map<string, number | null> {
    const rows = new Map(start.map(({ id, categoryId }) => [id, categoryId]));
    for (const change of changes) {
      if (change.kind === 'create') rows.set(change.annotation.id, change.annotation.categoryId);
      if (change.kind === 'delete') rows.delete(change.id);
      if (change.kind === 'update') rows.set(change.id, change.changes.categoryId ?? null);
    }
    return rows;
  }

  test('replayed elsewhere, gives the same annotations', async () => {
    const start = [annotation('a'), annotation('b')];
    const person = new Person({ annotations: start });
    await person.click(30, 40);
    await person.key('Enter');
    person.editor.objects.recategorise(['a'], 12);
    person.editor.objects.delete(['b']);
    await person.key('Mod+z', 'Mod+z', 'Mod+y');
    const shown = new Map(person.sees.annotations.map(({ id, categoryId }) => [id, categoryId]));
    expect(replay(start, person.changes)).toEqual(shown);
  });
});

describe('what the server says', () => {
  test('an acknowledgement is the base of the next change', () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.objects.recategorise(['a'], 12);
    person.editor.acknowledge('a', 2);
    person.editor.objects.recategorise(['a'], null);
    expect(person.changes).toMatchObject([{ baseVersion: 1 }, { baseVersion: 2 }]);
  });

  test('an acknowledgement of what is gone is ignored, and none of it is a change or an entry', () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.acknowledge('gone', 3);
    person.editor.acknowledge('a', 7);
    person.editor.replaceAnnotation({ ...annotation('b'), version: 4 });
    person.editor.removeAnnotation('a');
    expect(person.sees.annotations).toMatchObject([{ id: 'b', version: 4 }]);
    expect(person.changes).toEqual([]);
    expect(person.sees.canUndo).toBe(false);
  });

  test('a stale edit gives way to what the server holds, and can be made again on top of it', () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.objects.recategorise(['a'], 12);
    person.editor.replaceAnnotation({ ...annotation('a'), categoryId: null, version: 5 });
    expect(person.sees.annotations[0]).toMatchObject({ categoryId: null, version: 5 });
    person.editor.objects.recategorise(['a'], 12);
    expect(person.changes.at(-1)).toMatchObject({ baseVersion: 5 });
  });

  test('undo does not double what the server has brought back', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.objects.delete(['a']);
    person.editor.replaceAnnotation({ ...annotation('a'), version: 6 });
    await person.key('Mod+z');
    expect(person.sees.annotations).toMatchObject([{ id: 'a', version: 6 }]);
    expect(person.changes).toHaveLength(1);
  });

  test('undo passes over what the server has taken away', async () => {
    const person = new Person({ annotations: [annotation('a'), annotation('b')] });
    person.editor.objects.recategorise(['a'], 12);
    person.editor.objects.recategorise(['b'], 12);
    person.editor.removeAnnotation('b');
    await person.key('Mod+z');
    expect(person.sees.annotations).toMatchObject([{ id: 'a', categoryId: 11 }]);
  });

  test('a category that is no longer there is not that of the next mask', async () => {
    const person = new Person();
    person.editor.setCategories([{ id: 12, name: 'dog', color: '#00ff00', attributes: [] }]);
    expect(person.sees.categoryId).toBeNull();
    await person.key('1');
    expect(person.sees.categoryId).toBe(12);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { areDisjoint, inBox, pixels, withMask } from './testing/masks';
import { Person } from './testing/person';

type Act = (person: Person) => Promise<void>;

const point = fc.tuple(fc.integer({ min: -5, max: 105 }), fc.integer({ min: -5, max: 85 }));
const tool = fc.constantFrom('b', 'x', 'l');

const stroke: fc.Arbitrary<Act> = fc
  .record({ tool, path: fc.array(point, { minLength: 1, maxLength: 6 }), alt: fc.boolean() })
  .map(({ tool: key, path, alt }) => async (person) => {
    await person.key(key);
    await person.stroke(path, { alt });
  });

const polygon: fc.Arbitrary<Act> = fc
  .array(point, { minLength: 3, maxLength: 6 })
  .map((path) => async (person) => {
    await person.key('p');
    for (const corner of path) await person.click(...corner);
    await person.key('Enter');
  });

const vertex: fc.Arbitrary<Act> = fc.tuple(fc.nat(), point).map(([nth, to]) => async (person) => {
  await person.key('n');
  const { draft } = person.sees.tool;
  const vertices = draft?.kind === 'rings' ? draft.rings.flat() : [];
  const from = vertices[nth % Math.max(1, vertices.length)];
  if (from) await person.stroke([[from.x, from.y], to]);
});

const command: fc.Arbitrary<Act> = fc
  .constantFrom(
    'Shift+h',
    'Shift+i',
    'Shift+k',
    'Shift+m',
    'Shift+s',
    'm',
    'Mod+d',
    'Mod+]',
    'Delete',
    'Enter',
    'o',
  )
  .map((chord) => (person) => person.key(chord));

/** What is in the making is accepted: edits change the selected masks from here. */
const selecting: fc.Arbitrary<Act> = fc
  .array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 })
  .map((places) => async (person) => {
    await person.key('Enter');
    person.editor.select([
      ...new Set(places.map((place) => person.order()[place % person.order().length] ?? '')),
    ]);
  });

const acts = fc.array(fc.oneof(stroke, polygon, vertex, command, command, selecting, selecting), {
  minLength: 1,
  maxLength: 12,
});

function someone(): Person {
  const person = new Person({
    annotations: [
      withMask('a', pixels(inBox(10, 10, 40, 40))),
      withMask(
        'b',
        pixels((x, y) => inBox(50, 10, 90, 60)(x, y) && !inBox(60, 20, 70, 30)(x, y)),
      ),
    ],
  });
  person.editor.editing.set({ brushSize: 12, islandArea: 50 });
  person.editor.select(['a']);
  return person;
}

/** What a person sees; versions are the server's business. */
function content({ sees }: Person): unknown {
  const annotations = sees.annotations.map((one) => ({ ...one, version: 0 }));
  return { annotations, making: sees.making?.shown ?? null };
}

async function all(person: Person, chord: 'Mod+z' | 'Mod+y'): Promise<void> {
  const can = () => (chord === 'Mod+z' ? person.sees.canUndo : person.sees.canRedo);
  for (let i = 0; i < 200 && can(); i += 1) await person.key(chord);
  expect(can()).toBe(false);
}

test('undo after any edits gives back every mask exactly, and redo what was made of them', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (sequence) => {
      const person = someone();
      const before = content(person);
      for (const act of sequence) await act(person);
      const after = content(person);
      await all(person, 'Mod+z');
      expect(content(person)).toEqual(before);
      await all(person, 'Mod+y');
      expect(content(person)).toEqual(after);
    }),
    { numRuns: 60 },
  );
});

test.each(['yield', 'bite'] as const)('no edits make masks overlap where they %s', async (overlaps) => {
  await fc.assert(
    fc.asyncProperty(acts, async (sequence) => {
      const person = someone();
      for (const act of sequence) {
        person.editor.editing.set({ overlaps });
        await act(person);
        expect(areDisjoint(person.sees.annotations)).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

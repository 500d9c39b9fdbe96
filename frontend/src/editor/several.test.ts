import { describe, expect, test } from 'vitest';

import { flush } from './testing/fakeDecoder';
import { annotation, Person } from './testing/person';

const MOD = { mod: true };

async function threeBoxes(options?: ConstructorParameters<typeof Person>[0]): Promise<Person> {
  const person = new Person(options);
  await person.drag([10, 10], [20, 20], MOD);
  await person.drag([30, 10], [40, 20], MOD);
  await person.drag([50, 10], [60, 20], MOD);
  return person;
}

const boxesOf = (person: Person) =>
  person.sees.annotations.map(({ provenance }) =>
    provenance.source === 'model' ? provenance.prompts.map((prompt) => 'x0' in prompt && prompt.x0) : null,
  );

describe('several boxes with Mod', () => {
  test('are each decoded by themselves, and shown together', async () => {
    const person = await threeBoxes();
    expect(person.decoder.clicks.map(({ request }) => request.prompts.length)).toEqual([1, 1, 1]);
    expect(person.sees.alongside).toHaveLength(2);
    expect(person.making.prompts).toEqual([{ kind: 'box', box: { x0: 50, y0: 10, x1: 60, y1: 20 } }]);
  });

  test('are accepted with one Enter, as annotations of their own, in one entry of the history', async () => {
    const person = await threeBoxes();
    await person.key('Enter');
    expect(boxesOf(person)).toEqual([[10], [30], [50]]);
    await person.key('Mod+z');
    expect(person.sees).toMatchObject({ annotations: [], making: null });
    await person.key('Mod+Shift+z');
    expect(person.order()).toHaveLength(3);
  });

  test('share the time that was spent on all of them', async () => {
    const person = new Person();
    await person.drag([10, 10], [20, 20], MOD);
    person.clock += 2000;
    await person.drag([30, 10], [40, 20], MOD);
    person.clock += 4000;
    await person.key('Enter');
    expect(person.sees.annotations.map(({ provenance }) => provenance)).toMatchObject([
      { seconds: 3 },
      { seconds: 3 },
    ]);
  });

  test('undo removes the last, redo brings it back', async () => {
    const person = await threeBoxes();
    await person.key('Mod+z', 'Mod+z');
    expect(person.sees.alongside).toHaveLength(0);
    await person.key('Mod+Shift+z', 'Mod+Shift+z');
    expect(person.sees.alongside).toHaveLength(2);
    expect(person.making.prompts).toMatchObject([{ box: { x0: 50 } }]);
  });

  test('Escape clears all of them; redo brings them back one by one', async () => {
    const person = await threeBoxes();
    await person.key('Escape');
    expect(person.sees).toMatchObject({ making: null, alongside: [] });
    await person.key('Mod+Shift+z', 'Mod+Shift+z');
    expect(person.making.prompts).toMatchObject([{ box: { x0: 30 } }]);
    expect(person.sees.alongside).toHaveLength(1);
  });

  test('a click corrects the last one, and no other', async () => {
    const person = await threeBoxes();
    await person.click(55, 15);
    expect(person.making.prompts).toMatchObject([{ kind: 'box' }, { kind: 'point' }]);
    await person.key('Enter');
    expect(
      person.sees.annotations.map(({ provenance }) => 'prompts' in provenance && provenance.prompts.length),
    ).toEqual([1, 1, 2]);
  });

  test('a click with Mod elsewhere begins another object, too', async () => {
    const person = await threeBoxes();
    await person.click(80, 70, MOD);
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 80, y: 70, label: 1 }]);
    expect(person.sees.alongside).toHaveLength(3);
  });

  test('need no Mod in the mode of a box for each object', async () => {
    const person = new Person();
    person.editor.prompting.set({ boxEach: true });
    await person.drag([10, 10], [20, 20]);
    await person.drag([30, 10], [40, 20]);
    expect(person.sees.alongside).toHaveLength(1);
  });

  test('are given back together where one of them has no mask, that one in hand', async () => {
    const person = await threeBoxes({ atOnce: false });
    await person.key('Enter');
    await person.decoder.clicks[0]?.reject('gone');
    for (const click of person.decoder.clicks.slice(1)) await click.reject('gone');
    expect(person.sees).toMatchObject({ annotations: [], status: { phase: 'error' } });
    expect(person.making.prompts).toMatchObject([{ box: { x0: 10 } }]);
    expect(boxesInMaking(person)).toBe(3);
  });

  test('survive a reload', async () => {
    const before = await threeBoxes();
    const after = new Person();
    after.editor.restore(structuredClone(before.editor.draft()));
    await flush();
    await after.key('Enter');
    expect(boxesOf(after)).toEqual([[10], [30], [50]]);
  });

  test('while an accepted mask is refined there is no other object', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.refine('a');
    await person.drag([10, 10], [20, 20], MOD);
    expect(person.making).toMatchObject({ refines: 'a', prompts: [{ kind: 'box' }] });
    expect(person.sees.alongside).toEqual([]);
  });
});

/** As many as undo can take away, one by one. */
function boxesInMaking(person: Person): number {
  let count = 0;
  while (person.sees.making && count < 10) {
    person.editor.undo();
    count += 1;
  }
  return count;
}

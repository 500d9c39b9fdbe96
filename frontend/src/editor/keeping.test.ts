import { describe, expect, test } from 'vitest';

import type { FullMask } from '../geometry/decoding';
import { annotation, Person } from './testing/person';

/** Nested rectangles, by token: 1 is the whole, 3 a part of it, 2 a part of that. */
const MASKS: Readonly<Record<number, FullMask>> = {
  1: annotation('', [10, 10, 60, 60]).mask,
  3: annotation('', [20, 20, 50, 50]).mask,
  2: annotation('', [25, 25, 35, 35]).mask,
};

/** Clicks, walks and keeps; then the decoder brings the masks to full size. */
async function accepted(...keys: string[]): Promise<Person> {
  const person = new Person();
  person.decoder.fullMasks = ([value]) => MASKS[(value ?? 0) - 1];
  await person.click(30, 30);
  await person.key(...keys, 'Enter');
  return person;
}

describe('keeping candidates', () => {
  test('the shown one is kept, and the next one is shown', async () => {
    const person = new Person();
    await person.click(30, 30);
    const shown = person.candidate;
    await person.key('k');
    expect(person.making.kept.map(({ candidate }) => candidate)).toEqual([shown]);
    expect(person.chosen).toBe('subpart');
    expect(person.sees.alongside).toEqual([{ kind: 'logits', candidate: shown }]);
  });

  test('one that is kept already is let go', async () => {
    const person = new Person();
    await person.click(30, 30);
    await person.key('k', 'Shift+Tab', 'k');
    expect(person.making.kept).toEqual([]);
  });

  test('Enter accepts all of them as one entry: parts name the smallest whole that holds them', async () => {
    const person = await accepted('Shift+Tab', 'k', 'k');
    const [whole, part, subpart] = person.sees.annotations;
    expect([whole, part, subpart].map((one) => one?.mask.area)).toEqual([2500, 900, 100]);
    expect([whole?.parentId, part?.parentId, subpart?.parentId]).toEqual([null, whole?.id, part?.id]);
    expect(person.changes.map(({ kind }) => kind)).toEqual(['create', 'create', 'create']);
    await person.key('Mod+z');
    expect(person.order()).toEqual([]);
  });

  test('each says which of the candidates it is', async () => {
    const person = await accepted('Shift+Tab', 'k', 'Tab');
    expect(person.sees.annotations.map(({ provenance }) => provenance)).toMatchObject([
      { token: 1, prompts: [{ x: 30, y: 30 }] },
      { token: 2, prompts: [{ x: 30, y: 30 }] },
    ]);
  });

  test('what is kept and shown is accepted once', async () => {
    const person = await accepted('k', 'Shift+Tab');
    expect(person.order()).toHaveLength(1);
  });

  test('kept ones stay when a click asks for more', async () => {
    const person = new Person();
    await person.click(30, 30);
    await person.key('k');
    const [kept] = person.making.kept;
    await person.click(50, 50);
    expect(person.making.kept).toEqual([kept]);
    await person.key('Mod+z', 'Mod+z');
    expect(person.sees.alongside).toEqual([]);
  });
});

test('the wheel with a modifier walks the ladder: down to smaller masks, up to larger ones', async () => {
  const person = new Person();
  expect(person.editor.step(1)).toBe(false);
  await person.click(30, 30);
  expect(person.editor.step(-1)).toBe(true);
  expect(person.chosen).toBe('subpart');
  person.editor.step(1);
  person.editor.step(1);
  expect(person.chosen).toBe('whole');
});

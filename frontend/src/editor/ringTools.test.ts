import { describe, expect, test } from 'vitest';

import type { FullMask } from '../geometry/decoding';
import { inBox, pixels, withMask } from './testing/masks';
import { Person } from './testing/person';

const STORED = withMask('a', pixels(inBox(10, 10, 50, 50)));
type Corner = readonly [number, number];

const SQUARE: readonly Corner[] = [
  [40, 20],
  [70, 20],
  [70, 40],
  [40, 40],
];

async function drawer(tool: string, selected = true): Promise<Person> {
  const person = new Person({ annotations: [STORED] });
  await person.key(tool);
  if (selected) person.editor.select(['a']);
  return person;
}

async function clickAll(person: Person, corners: readonly Corner[], options = {}): Promise<void> {
  for (const [i, corner] of corners.entries()) await person.click(...corner, i === 0 ? options : {});
}

function madeBy(person: Person): FullMask | undefined {
  const shown = person.sees.making?.shown;
  return shown?.kind === 'full' ? shown.mask : undefined;
}

describe('a polygon', () => {
  test.each([
    ['Enter', (person: Person) => person.key('Enter')],
    ['a click on its first vertex', (person: Person) => person.click(42, 21)],
    ['a double click', (person: Person) => person.click(40, 40)],
  ])('is closed by %s', async (_, close) => {
    const person = await drawer('p');
    await clickAll(person, SQUARE);
    await close(person);
    expect(person.maskOf('a')).toEqual(
      pixels((x, y) => inBox(10, 10, 50, 50)(x, y) || inBox(40, 20, 70, 40)(x, y)),
    );
    expect(person.sees.tool.state).toBe('idle');
    expect(person.changes).toHaveLength(1);
  });

  test.each([
    ['subtract', {}],
    ['add', { alt: true }],
    ['add', { button: 'secondary' }],
  ] as const)('cuts a hole: %s and %o', async (operation, held) => {
    const person = await drawer('p');
    person.editor.editing.set({ operation });
    await clickAll(
      person,
      [
        [20, 20],
        [30, 20],
        [30, 30],
        [20, 30],
      ],
      held,
    );
    await person.key('Enter');
    expect(person.maskOf('a')).toEqual(
      pixels((x, y) => inBox(10, 10, 50, 50)(x, y) && !inBox(20, 20, 30, 30)(x, y)),
    );
  });

  test.each([
    ['intersect', {}],
    ['add', { alt: true, shift: true }],
  ] as const)('keeps what is inside: %s and %o', async (operation, held) => {
    const person = await drawer('p');
    person.editor.editing.set({ operation });
    await clickAll(person, SQUARE, held);
    await person.key('Enter');
    expect(person.maskOf('a')).toEqual(pixels(inBox(40, 20, 50, 40)));
  });

  test('begins a new mask, accepts the one in the making, and changes no selected one', async () => {
    const person = await drawer('p');
    person.editor.editing.set({ operation: 'new' });
    await clickAll(person, SQUARE);
    await person.key('Enter');
    expect(madeBy(person)).toEqual(pixels(inBox(40, 20, 70, 40)));
    await clickAll(person, [
      [80, 60],
      [90, 60],
      [90, 70],
      [80, 70],
    ]);
    await person.key('Enter');
    expect(madeBy(person)).toEqual(pixels(inBox(80, 60, 90, 70)));
    expect(person.order()).toEqual(['a', 'new-1']);
    expect(person.maskOf('a')).toBe(STORED.mask);
  });

  test('gives its last vertex back to Backspace, and to undo, until none is left', async () => {
    const person = await drawer('p', false);
    await clickAll(person, SQUARE);
    await person.key('Backspace');
    expect(person.sees.tool.draft).toMatchObject({ kind: 'rings', isClosed: false });
    await person.key('Mod+z', 'Backspace');
    expect(person.sees.tool.state).toBe('drawing');
    await person.key('Mod+z');
    expect(person.sees.tool).toMatchObject({ state: 'idle', draft: null });
  });

  test('shows an edge to the pointer', async () => {
    const person = await drawer('p');
    await person.click(40, 20);
    await person.move(70, 20);
    expect(person.sees.tool.draft).toMatchObject({
      rings: [
        [
          { x: 40, y: 20 },
          { x: 70, y: 20 },
        ],
      ],
      showsVertices: true,
    });
  });

  test('ends with Escape, and with it the tool, without a change', async () => {
    const person = await drawer('p');
    await clickAll(person, SQUARE);
    await person.key('Escape');
    expect(person.sees).toMatchObject({ tool: { state: 'idle' }, selection: ['a'] });
    expect(person.changes).toEqual([]);
  });

  test('outlives a pinch, which takes only the vertex that began it', async () => {
    const person = await drawer('p');
    await clickAll(person, SQUARE);
    await person.press(10, 70);
    person.editor.pointerCancel();
    await person.key('Enter');
    expect(person.maskOf('a').area).toBe(1600 + 20 * 20);
  });

  test('of two vertices is nothing', async () => {
    const person = await drawer('p');
    await clickAll(person, SQUARE.slice(0, 2));
    await person.key('Enter');
    expect(person.sees.tool.state).toBe('idle');
    expect(person.changes).toEqual([]);
  });
});

describe('a lasso', () => {
  test('takes what its path surrounds', async () => {
    const person = await drawer('l');
    await person.stroke(SQUARE);
    expect(person.maskOf('a').area).toBe(1600 + 20 * 20);
    expect(person.sees.annotations[0]?.provenance.edits).toMatchObject([{ kind: 'lasso', pixels: 400 }]);
  });

  test('leaves out with the right button', async () => {
    const person = await drawer('l');
    await person.stroke(SQUARE, { button: 'secondary' });
    expect(person.maskOf('a')).toEqual(
      pixels((x, y) => inBox(10, 10, 50, 50)(x, y) && !inBox(40, 20, 70, 40)(x, y)),
    );
  });

  test('makes a mask from nothing', async () => {
    const person = await drawer('l', false);
    await person.stroke(SQUARE);
    expect(madeBy(person)).toEqual(pixels(inBox(40, 20, 70, 40)));
  });

  test.each([
    ['Escape', (person: Person) => person.key('Escape')],
    ['a lost pointer', (person: Person) => person.losePointer()],
    ['another tool', (person: Person) => person.key('b')],
  ])('is taken back by %s', async (_, takeBack) => {
    const person = await drawer('l');
    await person.press(40, 20);
    await person.move(70, 20);
    await person.move(70, 40);
    await takeBack(person);
    await person.release(40, 40);
    expect(person.changes).toEqual([]);
    expect(person.sees.tool.state).toBe('idle');
  });
});

import { describe, expect, test } from 'vitest';

import type { Ring } from '../geometry/rings';
import { centres, inBox, inDisc, pixels, withMask } from './testing/masks';
import { Person } from './testing/person';

const SQUARE = withMask('a', pixels(inBox(20, 20, 60, 60)));
const DISC = withMask('disc', centres(inDisc(50, 40, 30)));

async function editing(stored = SQUARE): Promise<Person> {
  const person = new Person({ annotations: [stored] });
  await person.key('n');
  person.editor.select([stored.id]);
  return person;
}

function rings(person: Person): readonly Ring[] {
  const { draft } = person.sees.tool;
  if (draft?.kind !== 'rings') throw new Error('No polygon is shown.');
  return draft.rings;
}

describe('the vertices of a mask', () => {
  test('are shown, and stand for the mask', async () => {
    const person = await editing();
    expect(person.sees.tool.draft).toMatchObject({
      operation: 'replace',
      isClosed: true,
      showsVertices: true,
    });
    expect(rings(person)).toHaveLength(1);
    expect(rings(person)[0]).toHaveLength(4);
  });

  test('are fewer the larger the tolerance, and all there again: the mask stays as it is', async () => {
    const person = await editing(DISC);
    const counts = [0, 3, 0].map((tolerance) => {
      person.editor.editing.set({ tolerance });
      return rings(person)[0]?.length ?? 0;
    });
    expect(counts[1]).toBeLessThan(counts[0] ?? 0);
    expect(counts[2]).toBe(counts[0]);
    expect(person.maskOf('disc')).toBe(DISC.mask);
    expect(person.sees.canUndo).toBe(false);
  });

  test('can be made the mask itself', async () => {
    const person = await editing(DISC);
    person.editor.editing.set({ tolerance: 3 });
    person.editor.outlines.keepShown();
    const difference = Math.abs(person.maskOf('disc').area - DISC.mask.area);
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(DISC.mask.area * 0.1);
    await person.key('Mod+z');
    expect(person.maskOf('disc')).toBe(DISC.mask);
  });
});

describe('a vertex', () => {
  test('is dragged: one entry of the history', async () => {
    const person = await editing();
    await person.stroke([
      [60, 60],
      [70, 65],
      [80, 70],
    ]);
    expect(person.changes).toHaveLength(1);
    // Half of the rectangle from the old corner to the new one, on either side of the diagonal.
    expect(person.maskOf('a').area).toBe(1600 + 400 + 200);
    expect(person.sees.annotations[0]?.provenance.edits).toMatchObject([{ kind: 'vertices', pixels: 600 }]);
    await person.key('Mod+z');
    expect(person.maskOf('a')).toBe(SQUARE.mask);
    expect(rings(person)[0]).toHaveLength(4);
  });

  test('stays where it was put, also at another tolerance and after redo', async () => {
    const person = await editing();
    await person.stroke([
      [60, 60],
      [80.3, 70.7],
    ]);
    const put = { x: 80.3, y: 70.7 };
    expect(rings(person)[0]).toContainEqual(put);
    person.editor.editing.set({ tolerance: 3 });
    await person.key('Mod+z', 'Mod+y');
    expect(rings(person)[0]).toContainEqual(put);
  });

  test('changes nothing beyond the vertices beside it: what the tolerance hides is kept', async () => {
    const person = await editing(DISC);
    person.editor.editing.set({ tolerance: 3 });
    const [ring = []] = rings(person);
    const top = ring.reduce((best, vertex) => (vertex.y < best.y ? vertex : best));
    await person.stroke([
      [top.x, top.y],
      [top.x, top.y - 5],
    ]);
    const below = (x: number, y: number) => y > 45 && inDisc(50, 40, 30)(x, y);
    const { segmentation } = person.maskOf('disc');
    expect(segmentation).not.toEqual(DISC.mask.segmentation);
    await person.key('l');
    await person.stroke(
      [
        [0, 45],
        [0, 0],
        [100, 0],
        [100, 45],
      ],
      { button: 'secondary' },
    );
    expect(person.maskOf('disc')).toEqual(centres(below));
  });

  test.each([
    ['Delete', (person: Person) => person.key('Delete')],
    ['the right button', (person: Person) => person.click(60, 60, { button: 'secondary' })],
  ])('is removed by %s', async (_, remove) => {
    const person = await editing();
    await person.click(60, 60);
    await remove(person);
    expect(rings(person)[0]).toHaveLength(3);
    expect(person.order()).toEqual(['a']);
    expect(person.maskOf('a').area).toBeLessThan(900);
  });

  test('is inserted by a double click on an edge, which changes no pixel', async () => {
    const person = await editing();
    await person.click(40, 20);
    await person.click(40, 20);
    expect(rings(person)[0]).toHaveLength(5);
    expect(person.changes).toEqual([]);
    await person.stroke([
      [40, 20],
      [40, 10],
    ]);
    expect(person.maskOf('a').area).toBe(1600 + (40 * 10) / 2);
  });

  test('that is let go where it was pressed stays where it is', async () => {
    const person = await editing();
    await person.click(60, 60);
    expect(person.sees.canUndo).toBe(false);
    expect(person.sees.tool.draft).toMatchObject({ activeVertex: { ring: 0 } });
  });

  test.each([
    ['Escape', (person: Person) => person.key('Escape')],
    ['a lost pointer', (person: Person) => person.losePointer()],
  ])('goes back when its drag ends with %s', async (_, takeBack) => {
    const person = await editing();
    await person.press(60, 60);
    await person.move(80, 70);
    expect(person.sees.tool.state).toBe('dragging');
    await takeBack(person);
    await person.release(80, 70);
    expect(person.changes).toEqual([]);
    expect(rings(person)[0]).toContainEqual({ x: 60, y: 60 });
  });
});

test('a press beside the polygon takes another mask in hand', async () => {
  const person = new Person({ annotations: [SQUARE, withMask('b', pixels(inBox(70, 10, 90, 30)))] });
  await person.key('n');
  await person.click(40, 40);
  expect(person.sees.selection).toEqual(['a']);
  await person.click(80, 20);
  expect(person.sees.selection).toEqual(['b']);
  expect(rings(person)[0]).toContainEqual({ x: 70, y: 10 });
});

test('Delete with no vertex in hand deletes the selected mask', async () => {
  const person = await editing();
  await person.key('Delete');
  expect(person.order()).toEqual([]);
});

test('the mask in the making has vertices too', async () => {
  const person = await editing();
  person.editor.refine('a');
  await person.key('n');
  await person.stroke([
    [60, 60],
    [80, 70],
  ]);
  expect(person.making).toMatchObject({ state: 'edited', refines: 'a' });
  expect(person.maskOf('a')).toBe(SQUARE.mask);
});

import { describe, expect, test } from 'vitest';

import { inBox, pixels, withMask } from './testing/masks';
import { annotation, Person } from './testing/person';
import { fullMaskOf } from '../geometry/fullMask';
import { maskOf } from '../geometry/testing/masks';

const either =
  (...rules: readonly ReturnType<typeof inBox>[]): ReturnType<typeof inBox> =>
  (x, y) =>
    rules.some((rule) => rule(x, y));

const SMALL = inBox(0, 0, 10, 10);
const LARGE = inBox(50, 50, 70, 70);
const TWO_PARTS = withMask('a', pixels(either(SMALL, LARGE)), { attributes: { occluded: true }, layer: 2 });

function having(...annotations: readonly ReturnType<typeof annotation>[]): Person {
  return new Person({ annotations });
}

describe('splitting', () => {
  test('gives every part an annotation; the largest keeps the id, all of it is one entry', async () => {
    const person = having(TWO_PARTS);
    person.editor.select(['a']);
    await person.key('Shift+s');
    expect(person.sees.annotations).toMatchObject([
      { id: 'a', mask: pixels(LARGE), attributes: { occluded: true }, layer: 2 },
      { id: 'new-1', mask: pixels(SMALL), attributes: { occluded: true }, layer: 2, version: 0 },
    ]);
    expect(person.sees.annotations.map(({ provenance }) => provenance.edits)).toMatchObject([
      [{ kind: 'split', pixels: 100 }],
      [{ kind: 'split', pixels: 400 }],
    ]);
    expect(person.sees.selection).toEqual(['a', 'new-1']);
    await person.key('Mod+z');
    expect(person.sees.annotations).toMatchObject([{ id: 'a', mask: TWO_PARTS.mask }]);
  });

  test('of a mask of one part says so', async () => {
    const person = having(annotation('a'));
    person.editor.select(['a']);
    await person.key('Shift+s');
    expect(person.sees.status.message).toEqual({ key: 'editor:onePart' });
    expect(person.sees.canUndo).toBe(false);
  });
});

describe('merging', () => {
  const first = withMask('a', pixels(SMALL));
  const second = withMask('b', pixels(LARGE));

  test('gives the annotation that was selected first the pixels and the time of all', async () => {
    const person = having(first, second);
    person.editor.select(['b', 'a']);
    await person.key('m');
    expect(person.sees.annotations).toMatchObject([
      {
        id: 'b',
        mask: pixels(either(SMALL, LARGE)),
        provenance: { seconds: 2, edits: [{ kind: 'merge', pixels: 100, at_ms: 2000 }] },
      },
    ]);
    expect(person.sees.selection).toEqual(['b']);
    await person.key('Mod+z');
    expect(person.sees.annotations.map(({ id, mask }) => [id, mask])).toEqual([
      ['a', first.mask],
      ['b', second.mask],
    ]);
  });

  test('makes the parts of the others its own, and is no part of what is gone', async () => {
    const person = having(
      withMask('whole', pixels(LARGE), { parentId: 'scene' }),
      withMask('part', pixels(SMALL), { parentId: 'whole' }),
      withMask('sibling', pixels(SMALL), { parentId: 'whole' }),
      withMask('scene', pixels(either(SMALL, LARGE))),
    );
    person.editor.select(['part', 'whole']);
    await person.key('m');
    expect(person.sees.annotations).toMatchObject([
      { id: 'part', parentId: 'scene' },
      { id: 'sibling', parentId: 'part' },
      { id: 'scene', parentId: null },
    ]);
  });

  test('leaves locked ones out', async () => {
    const person = having(first, second);
    person.editor.select(['a', 'b']);
    person.editor.objects.setLocked(['b'], true);
    await person.key('m');
    expect(person.changes).toEqual([]);
  });
});

describe('copies', () => {
  test('lie in the same place under ids of their own, selected', async () => {
    const person = having(TWO_PARTS);
    person.editor.select(['a']);
    await person.key('Mod+d');
    expect(person.sees.annotations[1]).toMatchObject({
      id: 'new-1',
      mask: TWO_PARTS.mask,
      categoryId: 11,
      version: 0,
      provenance: { edits: [{ kind: 'copy', pixels: 0 }] },
    });
    expect(person.sees.selection).toEqual(['new-1']);
  });

  test('that would share pixels are refused where masks keep apart', async () => {
    const person = having(TWO_PARTS);
    person.editor.editing.set({ overlaps: 'yield' });
    person.editor.select(['a']);
    await person.key('Mod+d');
    expect(person.order()).toEqual(['a']);
    expect(person.sees.status.message).toEqual({ key: 'editor:overlapLeavesNothing' });
  });

  test('come from an image of another size from the same corner, without what lies beyond', () => {
    const person = having();
    const size = { width: 120, height: 60 };
    const mask = fullMaskOf(maskOf(size, inBox(90, 40, 115, 60)), size);
    expect(person.editor.arranging.paste([withMask('x', mask, { parentId: 'y' })])).toBe(1);
    expect(person.sees.annotations).toMatchObject([
      { id: 'new-1', parentId: null, mask: pixels(inBox(90, 40, 100, 60)) },
    ]);
    expect(person.sees.annotations[0]?.provenance.edits).toMatchObject([{ kind: 'copy', pixels: 300 }]);
  });

  test('that lie outside altogether are refused', () => {
    const person = having();
    const size = { width: 200, height: 60 };
    const mask = fullMaskOf(maskOf(size, inBox(150, 0, 160, 10)), size);
    expect(person.editor.arranging.paste([withMask('x', mask)])).toBe(0);
    expect(person.sees.status.message).toEqual({ key: 'editor:copyCutAway' });
    expect(person.sees.canUndo).toBe(false);
  });
});

test('layers change by keys, for all selected ones at once', async () => {
  const person = having(annotation('a'), annotation('b'), annotation('c'));
  person.editor.select(['a', 'b']);
  await person.key('Mod+}');
  expect(person.sees.annotations.map(({ layer }) => layer)).toEqual([1, 1, 0]);
  await person.key('Mod+{');
  expect(person.sees.annotations.map(({ layer }) => layer)).toEqual([-1, -1, 0]);
  await person.key('Mod+z', 'Mod+z');
  expect(person.sees.annotations.map(({ layer }) => layer)).toEqual([0, 0, 0]);
});

describe('cleaning up', () => {
  const ragged = withMask(
    'a',
    pixels(
      (x, y) => (inBox(10, 10, 50, 50)(x, y) && !inBox(20, 20, 25, 25)(x, y)) || inBox(60, 60, 64, 64)(x, y),
    ),
  );
  const square = inBox(10, 10, 50, 50);
  const island = inBox(60, 60, 64, 64);

  test.each([
    ['Shift+h', { holeArea: 25 }, either(square, island), 'fill_holes', 25],
    [
      'Shift+i',
      { islandArea: 17 },
      (x: number, y: number) => square(x, y) && !inBox(20, 20, 25, 25)(x, y),
      'drop_islands',
      16,
    ],
    [
      'Shift+k',
      { partCount: 1 },
      (x: number, y: number) => square(x, y) && !inBox(20, 20, 25, 25)(x, y),
      'keep_largest',
      16,
    ],
  ] as const)('%s with %o', async (key, settings, expected, kind, changed) => {
    const person = having(ragged);
    person.editor.editing.set(settings);
    person.editor.select(['a']);
    expect(person.editor.editing.cleanUpPixels(kind)).toBe(changed);
    await person.key(key);
    expect(person.maskOf('a')).toEqual(pixels(expected));
    expect(person.sees.annotations[0]?.provenance.edits).toMatchObject([{ kind, pixels: changed }]);
    await person.key('Mod+z');
    expect(person.maskOf('a')).toBe(ragged.mask);
  });

  test('leaves what is larger, and says that there was nothing to do', async () => {
    const person = having(ragged);
    person.editor.editing.set({ holeArea: 24 });
    person.editor.select(['a']);
    await person.key('Shift+h');
    expect(person.sees.status.message).toEqual({ key: 'editor:noChange' });
    expect(person.changes).toEqual([]);
  });

  test('smooths the mask in the making', async () => {
    const person = having(ragged);
    person.editor.refine('a');
    await person.key('Shift+m');
    expect(person.making.state).toBe('edited');
    expect(person.maskOf('a')).toBe(ragged.mask);
  });

  test('takes all selected masks at once, as one entry', async () => {
    const person = having(ragged, { ...ragged, id: 'b' });
    person.editor.select(['a', 'b']);
    await person.key('Shift+k');
    expect(person.changes).toHaveLength(2);
    await person.key('Mod+z');
    expect(person.sees.canUndo).toBe(false);
  });
});

describe('no overlaps', () => {
  const stored = withMask('a', pixels(inBox(0, 0, 50, 50)));

  async function painter(): Promise<Person> {
    const person = having(stored, withMask('b', pixels(inBox(60, 0, 90, 50))));
    await person.key('l');
    return person;
  }
  const box = [
    [40, 10],
    [60, 10],
    [60, 20],
    [40, 20],
  ] as const;

  test('is switched by a key', async () => {
    const person = await painter();
    await person.key('o');
    expect(person.sees.editing.overlaps).toBe('yield');
    await person.key('o', 'o');
    expect(person.sees.editing.overlaps).toBe('off');
  });

  test('cuts a new mask at Accept', async () => {
    const person = await painter();
    person.editor.editing.set({ overlaps: 'yield' });
    await person.stroke(box);
    await person.key('Enter');
    expect(person.maskOf('new-1')).toEqual(pixels(inBox(50, 10, 60, 20)));
  });

  test('lets it bite, and undo gives both back: one entry', async () => {
    const person = await painter();
    person.editor.editing.set({ overlaps: 'bite' });
    await person.stroke(box);
    await person.key('Enter');
    expect(person.maskOf('a').area).toBe(2500 - 100);
    expect(person.maskOf('new-1')).toEqual(pixels(inBox(40, 10, 60, 20)));
    await person.key('Mod+z');
    expect(person.order()).toEqual(['a', 'b']);
    expect(person.maskOf('a')).toBe(stored.mask);
  });

  test('holds for edits of accepted masks too', async () => {
    const person = await painter();
    person.editor.editing.set({ overlaps: 'bite' });
    person.editor.select(['b']);
    await person.stroke(box);
    expect(person.maskOf('a').area).toBe(2500 - 100);
    expect(person.maskOf('b').area).toBe(1500 + 200);
  });

  test('gives a mask that would vanish back to the person', async () => {
    const person = await painter();
    person.editor.editing.set({ overlaps: 'yield' });
    await person.stroke([
      [10, 10],
      [20, 10],
      [20, 20],
    ]);
    await person.key('Enter');
    expect(person.making.state).toBe('edited');
    expect(person.sees.status.message).toEqual({ key: 'editor:overlapLeavesNothing' });
  });
});

import { describe, expect, test } from 'vitest';

import type { FullMask } from '../geometry/decoding';
import type { Provenance } from './model';
import { centres, inBox, inDisc, leftHalf, pixels, withMask } from './testing/masks';
import { annotation, MOUSE, Person } from './testing/person';

const MOVE = { ...MOUSE, scale: 1 };
const STORED = withMask('a', pixels(inBox(10, 10, 30, 30)));

/** With a brush of 10 pixels across in hand. */
async function painter(selected = true, tool = 'b'): Promise<Person> {
  const person = new Person({ annotations: [STORED], atOnce: false });
  person.editor.editing.set({ brushSize: 10 });
  await person.key(tool);
  if (selected) person.editor.select(['a']);
  return person;
}

function painted(person: Person): FullMask {
  const { shown } = person.making;
  if (shown?.kind !== 'full') throw new Error('No painted mask is in the making.');
  return shown.mask;
}

describe('what an edit changes', () => {
  test('the selected annotation, as one entry of the history', async () => {
    const person = await painter();
    await person.stroke([
      [40, 20],
      [50, 20],
    ]);
    expect(person.maskOf('a').area).toBeGreaterThan(STORED.mask.area);
    expect(person.changes).toMatchObject([{ kind: 'update', id: 'a', baseVersion: 1 }]);
    await person.key('Mod+z');
    expect(person.maskOf('a')).toBe(STORED.mask);
  });

  test('the mask in the making, if there is one', async () => {
    const person = await painter();
    person.editor.refine('a');
    await person.key('b');
    await person.stroke([[40, 20]]);
    expect(person.making).toMatchObject({ refines: 'a', state: 'edited' });
    expect(person.maskOf('a')).toBe(STORED.mask);
  });

  test('a new mask where nothing is selected: made by hand, from nothing', async () => {
    const person = await painter(false);
    person.clock = 5000;
    await person.press(50, 40);
    person.clock = 5400;
    await person.release(50, 40);
    expect(painted(person)).toEqual(centres(inDisc(50, 40, 5)));
    person.clock = 6000;
    await person.key('Enter');
    expect(person.sees.annotations[1]).toMatchObject({
      id: 'new-1',
      categoryId: 11,
      mask: centres(inDisc(50, 40, 5)),
      provenance: { source: 'manual', edits: [{ kind: 'brush', pixels: 80, at_ms: 400 }], seconds: 1 },
    });
  });

  test('a new mask where several are selected', async () => {
    const person = new Person({ annotations: [STORED, withMask('b', pixels(inBox(60, 60, 70, 70)))] });
    await person.key('b');
    person.editor.select(['a', 'b']);
    await person.stroke([[50, 40]]);
    expect(person.sees.making).not.toBeNull();
    expect(person.changes).toEqual([]);
  });

  test('nothing, where the selected mask is locked: the person is told', async () => {
    const person = await painter();
    person.editor.objects.setLocked(['a'], true);
    await person.stroke([[50, 40]]);
    expect(person.sees).toMatchObject({ making: null, status: { message: { key: 'editor:lockedMask' } } });
    expect(person.changes).toEqual([]);
  });

  test('nothing, where there is nothing to take away from: the person is told', async () => {
    const person = await painter(false, 'x');
    await person.stroke([[50, 40]]);
    expect(person.sees).toMatchObject({
      making: null,
      canUndo: false,
      status: { message: { key: 'editor:nothingToEdit' } },
    });
  });

  test('an edit that changes no pixel leaves no entry', async () => {
    const person = await painter();
    await person.stroke([[20, 20]]);
    expect(person.sees.canUndo).toBe(false);
    expect(person.changes).toEqual([]);
  });

  test('an accepted mask is not emptied: it is to be deleted', async () => {
    const person = await painter(true, 'x');
    person.editor.editing.set({ brushSize: 100 });
    await person.stroke([[20, 20]]);
    expect(person.maskOf('a')).toBe(STORED.mask);
    expect(person.sees.status.message).toEqual({ key: 'editor:editLeavesNothing' });
  });
});

describe('the account of an edit', () => {
  test('goes on where that of the mask stopped', async () => {
    const person = await painter();
    await person.press(35, 20);
    person.clock += 250;
    await person.release(35, 20);
    const before = STORED.provenance;
    const gained = person.maskOf('a').area - STORED.mask.area;
    expect(person.sees.annotations[0]?.provenance).toEqual({
      ...before,
      edits: [{ kind: 'brush', pixels: gained, at_ms: 1250 }],
      seconds: 1.25,
    });
  });

  test('of an imported mask keeps where it came from', async () => {
    const provenance: Provenance = { source: 'import', name: 'coco.json', edits: [] };
    const imported = { ...STORED, provenance };
    const person = new Person({ annotations: [imported] });
    await person.key('b');
    person.editor.select(['a']);
    await person.stroke([[40, 20]]);
    expect(person.sees.annotations[0]?.provenance).toMatchObject({
      source: 'import',
      name: 'coco.json',
      edits: [{ kind: 'brush', at_ms: 0 }],
    });
  });
});

describe('a stroke', () => {
  test('covers the discs of its dabs and what lies between', async () => {
    const person = await painter(false);
    await person.stroke([
      [20, 40],
      [60, 40],
    ]);
    const covered = centres(
      (x, y) =>
        inDisc(20, 40, 5)(x, y) || inDisc(60, 40, 5)(x, y) || (x >= 20 && x <= 60 && Math.abs(y - 40) <= 5),
    );
    expect(painted(person)).toEqual(covered);
  });

  test('shows as a draft while it grows, and changes nothing before its end', async () => {
    const person = await painter();
    await person.press(40, 20);
    person.editor.pointerMove({ ...MOVE, x: 45, y: 20 });
    expect(person.sees.tool).toMatchObject({
      state: 'painting',
      draft: { kind: 'stroke', operation: 'add', dabs: [{ x: 40, radius: 5 }, { x: 45 }] },
    });
    expect(person.sees.editedId).toBe('a');
    expect(person.changes).toEqual([]);
  });

  test.each([
    ['Escape', (person: Person) => person.key('Escape')],
    ['undo', (person: Person) => person.key('Mod+z')],
    ['a lost pointer', (person: Person) => person.losePointer()],
  ])('is taken back by %s', async (_, takeBack) => {
    const person = await painter();
    await person.press(40, 20);
    await takeBack(person);
    await person.release(40, 20);
    expect(person.sees.tool).toMatchObject({ state: 'idle', draft: null });
    expect(person.changes).toEqual([]);
  });

  test.each([
    ['b', { button: 'secondary' }],
    ['b', { alt: true }],
    ['x', {}],
  ] as const)('erases with %s and %o', async (tool, held) => {
    const person = await painter(true, tool);
    await person.stroke([[30, 20]], held);
    const left = centres((x, y) => inBox(10, 10, 30, 30)(x, y) && !inDisc(30, 20, 5)(x, y));
    expect(person.maskOf('a')).toEqual(left);
    const { provenance } = person.sees.annotations[0] ?? STORED;
    expect(provenance.edits).toMatchObject([{ kind: 'eraser' }]);
  });

  test('paints with the eraser turned round', async () => {
    const person = await painter(true, 'x');
    await person.stroke([[40, 20]], { button: 'secondary' });
    expect(person.maskOf('a').area).toBeGreaterThan(STORED.mask.area);
  });

  test('is a straight line from the one before, with Shift', async () => {
    const person = await painter(false);
    await person.stroke([[20, 40]]);
    await person.stroke([[60, 40]], { shift: true });
    expect(painted(person).bbox).toEqual([15, 35, 50, 10]);
  });

  test('of a pen is as wide as the pen is pressed', async () => {
    const person = await painter(false);
    await person.stroke([[20, 40]], { device: 'pen', pressure: 0.4 });
    expect(painted(person)).toEqual(centres(inDisc(20, 40, 2)));
  });

  test('ends with Enter, which accepts at the next press only', async () => {
    const person = await painter(false);
    await person.press(20, 40);
    await person.key('Enter');
    expect(person.making.state).toBe('edited');
    expect(person.order()).toEqual(['a']);
  });
});

describe('the size of the brush', () => {
  test('is stepped by keys, a pixel at least, and shown as the tip of the tool', async () => {
    const person = await painter();
    await person.key(']');
    expect(person.sees.tool.tipRadius).toBe(6);
    person.editor.editing.set({ brushSize: 2 });
    await person.key('[', '[');
    expect(person.sees.editing.brushSize).toBe(1);
    await person.key('[');
    expect(person.sees.editing.brushSize).toBe(1);
  });

  test('never outgrows the image, and is no matter of undo', async () => {
    const person = await painter();
    for (let i = 0; i < 40; i += 1) person.editor.step(1);
    expect(person.sees.editing.brushSize).toBe(50);
    expect(person.sees.canUndo).toBe(false);
  });

  test('belongs to tools with a tip', () => {
    const person = new Person();
    expect(person.editor.step(1)).toBe(false);
    expect(person.sees.tool.tipRadius).toBeNull();
  });
});

describe('painting on what the model says', () => {
  async function clicked(): Promise<Person> {
    const person = new Person({ atOnce: false });
    person.editor.editing.set({ brushSize: 10 });
    await person.click(20, 40);
    await person.key('b');
    return person;
  }
  const half = inBox(0, 0, 50, 80);
  const withDisc = centres((x, y) => half(x, y) || inDisc(80, 40, 5)(x, y));

  test('changes its mask at full size', async () => {
    const person = await clicked();
    await person.decoder.clicks[0]?.resolve([leftHalf()]);
    await person.stroke([[80, 40]]);
    expect(painted(person)).toEqual(withDisc);
    await person.key('Enter');
    expect(person.sees.annotations[0]).toMatchObject({
      mask: withDisc,
      provenance: { source: 'model', prompts: [{ x: 20 }], edits: [{ kind: 'brush', pixels: 80 }] },
    });
  });

  test('waits for an answer that is not there yet, and shows meanwhile', async () => {
    const person = await clicked();
    await person.stroke([[80, 40]]);
    expect(person.making).toMatchObject({
      state: 'decoding',
      draft: { kind: 'stroke', dabs: [{ x: 80, y: 40 }] },
    });
    await person.decoder.clicks[0]?.resolve([leftHalf()]);
    expect(person.making).toMatchObject({ state: 'edited', draft: null });
    expect(painted(person)).toEqual(withDisc);
  });

  test('stroke by stroke, in their order', async () => {
    const person = await clicked();
    await person.stroke([[80, 40]]);
    await person.stroke([[80, 40]], { alt: true });
    await person.decoder.clicks[0]?.resolve([leftHalf()]);
    expect(painted(person)).toEqual(pixels(half));
  });

  test('is accepted before the answer is there, and stored with it', async () => {
    const person = await clicked();
    await person.stroke([[80, 40]]);
    await person.key('Enter');
    expect(person.sees.accepting).toHaveLength(1);
    await person.decoder.clicks[0]?.resolve([leftHalf()]);
    expect(person.sees.annotations[0]?.mask).toEqual(withDisc);
    expect(person.sees.annotations[0]?.provenance.edits).toMatchObject([{ kind: 'brush', pixels: 80 }]);
  });

  test('asks the model once it is ready, although a stroke lies on top', async () => {
    const person = new Person({ atOnce: false, modelState: { phase: 'loading-model' } });
    await person.click(20, 40);
    await person.key('b');
    await person.stroke([[80, 40]]);
    person.editor.setModelState({ phase: 'ready' });
    expect(person.decoder.clicks).toHaveLength(1);
  });

  test('is not lost when the model fails, and says that it did', async () => {
    const person = await clicked();
    await person.stroke([[80, 40]]);
    await person.decoder.clicks[0]?.reject('no memory');
    expect(painted(person)).toEqual(centres(inDisc(80, 40, 5)));
    expect(person.sees.status).toMatchObject({ phase: 'error', message: { key: 'editor:noAnswer' } });
  });

  test('comes back when the model fails after Accept: nobody accepted the stroke alone', async () => {
    const person = await clicked();
    await person.stroke([[80, 40]]);
    await person.key('Enter');
    await person.decoder.clicks[0]?.reject('no memory');
    expect(person.sees.annotations).toEqual([]);
    expect(painted(person)).toEqual(centres(inDisc(80, 40, 5)));
  });

  test('is undone stroke by stroke, before the prompts', async () => {
    const person = await clicked();
    await person.decoder.clicks[0]?.resolve([leftHalf()]);
    await person.stroke([[80, 40]]);
    await person.key('Mod+z');
    expect(person.making).toMatchObject({ state: 'shown', shown: { kind: 'logits' } });
    await person.key('Mod+y');
    expect(painted(person)).toEqual(withDisc);
  });
});

test('Escape lets go of the mask in the making first, then of the selection', async () => {
  const person = new Person({ annotations: [annotation('a')] });
  await person.key('b');
  await person.stroke([[80, 40]]);
  await person.key('Escape');
  expect(person.sees.making).toBeNull();
  person.editor.select(['a']);
  expect(person.sees.tool.id).toBe('brush');
  await person.key('Escape');
  expect(person.sees.selection).toEqual([]);
});

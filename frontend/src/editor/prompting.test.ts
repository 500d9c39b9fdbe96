import { describe, expect, test } from 'vitest';
import { fourCandidates, fullMask } from './testing/fakeDecoder';
import { MOUSE, Person } from './testing/person';

describe('a double click', () => {
  test('is one click', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.click(30, 40);
    expect(person.making.prompts).toHaveLength(1);
    expect(person.making.ladder.map(({ name }) => name)).toEqual(['whole', 'part', 'subpart']);
  });
});

describe('the preview', () => {
  test('shows the mask that a click under the pointer would give', async () => {
    const person = new Person();
    await person.move(30, 40);
    expect(person.decoder.previews[0]?.request.prompts).toEqual([{ kind: 'point', x: 30, y: 40, label: 1 }]);
    expect(person.sees.preview?.candidate.token).toBe(3);
  });

  test('goes when the pointer leaves the canvas or the image', async () => {
    const person = new Person();
    await person.move(30, 40);
    await person.move(30, 90);
    expect(person.sees.preview).toBeNull();
    await person.move(30, 40);
    person.editor.pointerLeave();
    expect(person.sees.preview).toBeNull();
  });

  test('shows an answer that comes while the pointer moves on, but never an older one after it', async () => {
    const person = new Person({ atOnce: false });
    for (const x of [1, 2, 3]) await person.move(x, 1);
    const [first, second, third] = person.decoder.previews;
    await second?.resolve(fourCandidates());
    expect(person.sees.preview?.point.x).toBe(2);
    await first?.resolve(fourCandidates());
    expect(person.sees.preview?.point.x).toBe(2);
    await third?.resolve(null);
    expect(person.sees.preview?.point.x).toBe(2);
  });

  test('does not come back when its answer arrives after the click', async () => {
    const person = new Person({ atOnce: false });
    await person.move(1, 1);
    await person.click(2, 2);
    await person.decoder.previews[0]?.resolve(fourCandidates());
    expect(person.sees.preview).toBeNull();
  });

  test('stays away while a mask is in the making', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.move(50, 50);
    expect(person.decoder.previews).toHaveLength(0);
    expect(person.sees.preview).toBeNull();
  });

  test('answers the click at the same place without asking the model again', async () => {
    const person = new Person();
    await person.move(30, 40);
    const { candidate: previewed } = person.sees.preview ?? {};
    await person.click(30, 40);
    expect(person.candidate).toBe(previewed);
    expect(person.decoder.clicks).toHaveLength(0);
  });

  test.each([
    ['another place', 31, 40, {}],
    ['the same place, leaving it out', 30, 40, { alt: true }],
  ])('does not answer a click at %s', async (_, x, y, options) => {
    const person = new Person();
    await person.move(30, 40);
    await person.click(x, y, options);
    expect(person.decoder.clicks).toHaveLength(1);
  });

  test('appears under a resting pointer when the model becomes ready', async () => {
    const person = new Person({ modelState: { phase: 'loading-embedding' } });
    await person.move(30, 40);
    expect(person.decoder.previews).toHaveLength(0);
    person.editor.setModelState({ phase: 'ready' });
    expect(person.decoder.previews).toHaveLength(1);
  });

  test('goes when the model is taken away, for another image', async () => {
    const person = new Person();
    await person.move(30, 40);
    person.editor.setModelState({ phase: 'loading-embedding' });
    expect(person.sees.preview).toBeNull();
  });

  test('says why there is none, until the next one works', async () => {
    const person = new Person({ atOnce: false });
    await person.move(1, 1);
    await person.decoder.previews[0]?.reject('worker gone');
    expect(person.sees.status).toMatchObject({
      phase: 'error',
      message: {
        key: 'editor:noPreview',
        values: { reason: { key: 'errors:unexpected', values: { reason: 'worker gone' } } },
      },
    });
    await person.move(2, 2);
    await person.decoder.previews[1]?.resolve(fourCandidates());
    expect(person.sees.status.phase).toBe('ready');
  });
});

describe('prompts', () => {
  test.each([
    ['a click takes', {}, 1],
    ['a right click leaves out', { button: 'secondary' }, 0],
    ['Alt and click leaves out', { alt: true }, 0],
    ['Shift and click leaves out', { shift: true }, 0],
  ] as const)('%s', async (_, options, label) => {
    const person = new Person();
    await person.click(30, 40, options);
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 30, y: 40, label }]);
  });

  test('a drag draws a box, and shows it while it grows', async () => {
    const person = new Person();
    await person.press(60, 50);
    await person.move(20, 30);
    expect(person.sees.tool).toMatchObject({
      state: 'dragging',
      draft: { kind: 'box', box: { x0: 20, y0: 30, x1: 60, y1: 50 } },
    });
    await person.release(10, 30);
    expect(person.making.prompts).toEqual([{ kind: 'box', box: { x0: 10, y0: 30, x1: 60, y1: 50 } }]);
    expect(person.sees.tool).toMatchObject({ state: 'idle', draft: null });
  });

  test.each([
    ['three screen pixels are a click', 3, 1, 'point'],
    ['four screen pixels are a drag', 4, 1, 'box'],
    ['what counts is the screen, not the image', 1, 8, 'box'],
  ])('%s', async (_, distance, scale, kind) => {
    const person = new Person();
    await person.press(30, 40, { scale });
    person.editor.pointerMove({ ...MOUSE, x: 30 + distance, y: 41, scale });
    await person.release(30 + distance, 41, { scale });
    expect(person.making.prompts[0]?.kind).toBe(kind);
  });

  test('a right button that drags stays a click where it was pressed', async () => {
    const person = new Person();
    await person.drag([30, 40], [60, 60], { button: 'secondary' });
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 30, y: 40, label: 0 }]);
  });

  test('a box that leaves the image is cut, one outside it is none', async () => {
    const person = new Person();
    await person.drag([-20, -20], [-5, -5]);
    expect(person.sees.making).toBeNull();
    await person.drag([-20, 10], [50, 200]);
    expect(person.making.prompts).toEqual([{ kind: 'box', box: { x0: 0, y0: 10, x1: 50, y1: 80 } }]);
  });

  test('a click outside the image does nothing', async () => {
    const person = new Person();
    await person.click(100, 40);
    expect(person.sees.making).toBeNull();
  });

  test('points keep the order in which they were given', async () => {
    const person = new Person();
    await person.click(1, 1);
    await person.click(2, 2, { alt: true });
    await person.click(3, 3);
    expect(person.making.prompts.map((prompt) => prompt.kind === 'point' && prompt.label)).toEqual([1, 0, 1]);
  });

  test('a second box replaces the first', async () => {
    const person = new Person();
    await person.drag([10, 10], [20, 20]);
    await person.click(15, 15);
    await person.drag([30, 30], [50, 50]);
    expect(person.making.prompts).toEqual([
      { kind: 'point', x: 15, y: 15, label: 1 },
      { kind: 'box', box: { x0: 30, y0: 30, x1: 50, y1: 50 } },
    ]);
  });

  test.each(['Escape', 'lost capture'])('%s ends a gesture and leaves the prompts alone', async (how) => {
    const person = new Person();
    await person.click(30, 40);
    await person.press(10, 10);
    await person.move(40, 40);
    if (how === 'Escape') await person.key('Escape');
    else person.editor.pointerCancel();
    await person.release(40, 40);
    expect(person.sees.tool.draft).toBeNull();
    expect(person.making.prompts).toHaveLength(1);
  });

  test('Escape clears the mask in the making', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Escape');
    expect(person.sees.making).toBeNull();
  });
});

describe('the ladder', () => {
  test('a lone point offers whole, part and subpart by area, and shows the best by predicted IoU', async () => {
    const person = new Person();
    await person.click(30, 40);
    expect(person.making.ladder.map(({ name, candidate: { token } }) => [name, token])).toEqual([
      ['whole', 1],
      ['part', 3],
      ['subpart', 2],
    ]);
    expect(person.chosen).toBe('part');
  });

  test('Tab walks down and round, Shift and Tab walks up', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Tab');
    expect(person.chosen).toBe('subpart');
    await person.key('Tab');
    expect(person.chosen).toBe('whole');
    await person.key('Shift+Tab', 'Shift+Tab');
    expect(person.chosen).toBe('part');
  });

  test('Tab pressed before the model has answered counts when it does, also for an Accept', async () => {
    const person = new Person({ atOnce: false });
    await person.click(30, 40);
    await person.key('Tab', 'Tab', 'Enter');
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.annotations[0]?.provenance).toMatchObject({ token: 1 });
  });

  test.each([
    ['a box', (person: Person) => person.drag([10, 10], [30, 30])],
    ['a second point', (person: Person) => person.click(1, 1).then(() => person.click(2, 2))],
  ])('%s says which: the single mask is shown, the others stay within reach', async (_, prompt) => {
    const person = new Person();
    await prompt(person);
    expect(person.candidate?.token).toBe(0);
    expect(person.making.ladder.map(({ name }) => name)).toEqual(['single', 'whole', 'part', 'subpart']);
  });

  test('only the masks that can be offered are asked for', async () => {
    const person = new Person();
    await person.move(30, 40);
    await person.click(32, 40);
    await person.click(50, 40);
    await person.drag([10, 10], [50, 50]);
    const { previews, clicks } = person.decoder;
    expect(previews[0]?.request.tokens).toEqual([1, 2, 3]);
    expect(clicks.map(({ request }) => request.tokens)).toEqual([
      [1, 2, 3],
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
  });

  test('the chosen mask is the prior of the next click', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Tab');
    const prior = person.candidate;
    await person.click(50, 40);
    expect(person.decoder.clicks[1]?.request.prior).toBe(prior);
    expect(person.decoder.clicks[0]?.request.prior).toBeNull();
  });

  test('a box starts without a prior', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.drag([10, 10], [50, 50]);
    expect(person.decoder.clicks[1]?.request.prior).toBeNull();
  });

  test('undo brings back the earlier mask, the earlier choice and the earlier prior', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Tab');
    const earlier = person.candidate;
    await person.click(50, 40);
    await person.key('Mod+z');
    expect(person.candidate).toBe(earlier);
    await person.click(60, 40);
    expect(person.decoder.clicks[2]?.request.prior).toBe(earlier);
  });
});

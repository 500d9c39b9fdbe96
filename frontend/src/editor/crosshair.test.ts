import { describe, expect, test } from 'vitest';

import { annotation, Person } from './testing/person';

/** The image is 100 x 80, all of it is seen, one screen pixel an image pixel: the crosshair begins in the middle. */
async function withCrosshair(options?: ConstructorParameters<typeof Person>[0]): Promise<Person> {
  const person = new Person(options);
  await person.key('ArrowRight');
  return person;
}

const pointOf = (person: Person) => person.sees.crosshair?.point;

describe('a crosshair moved by arrows', () => {
  test('shows in the middle of what is seen, and then moves', async () => {
    const person = await withCrosshair();
    expect(pointOf(person)).toEqual({ x: 50, y: 40 });
    person.clock += 1000;
    await person.key('ArrowRight', 'ArrowUp');
    expect(pointOf(person)).toEqual({ x: 52, y: 38 });
  });

  test('goes ten times as far with Shift', async () => {
    const person = await withCrosshair();
    person.clock += 1000;
    await person.key('Shift+ArrowLeft');
    expect(pointOf(person)).toEqual({ x: 30, y: 40 });
  });

  test('takes longer steps while a key is held, and short ones again after a rest', async () => {
    const person = await withCrosshair();
    person.clock += 1000;
    const steps = [];
    for (const pause of [30, 30, 30, 500]) {
      const { x: before = 0 } = pointOf(person) ?? {};
      await person.key('ArrowRight');
      steps.push((pointOf(person)?.x ?? 0) - before);
      person.clock += pause;
    }
    const { x: before = 0 } = pointOf(person) ?? {};
    await person.key('ArrowRight');
    expect(steps[1]).toBeGreaterThan(steps[0] ?? 0);
    expect(steps[3]).toBeGreaterThan(steps[1] ?? 0);
    expect((pointOf(person)?.x ?? 0) - before).toBe(2);
  });

  test('measures its steps on the screen', async () => {
    const person = await withCrosshair();
    person.clock += 1000;
    person.editor.crosshair.see({ seen: { x0: 40, y0: 30, x1: 60, y1: 50 }, scale: 8 });
    await person.key('ArrowRight');
    expect(pointOf(person)).toEqual({ x: 50.25, y: 40 });
  });

  test('stays in the image', async () => {
    const person = await withCrosshair();
    for (let step = 0; step < 9; step += 1) await person.key('Shift+ArrowLeft', 'Shift+ArrowUp');
    expect(pointOf(person)).toEqual({ x: 0.5, y: 0.5 });
  });

  test('comes back into sight when the view was moved away from it', async () => {
    const person = await withCrosshair();
    person.editor.crosshair.see({ seen: { x0: 80, y0: 60, x1: 120, y1: 100 }, scale: 4 });
    await person.key('ArrowRight');
    expect(pointOf(person)).toEqual({ x: 90, y: 70 });
  });

  test('is gone when another pointer takes over', async () => {
    const person = await withCrosshair();
    person.editor.crosshair.hide();
    expect(person.sees.crosshair).toBeNull();
    await person.key('Space');
    expect(person.sees.making).toBeNull();
  });
});

describe('halving', () => {
  test('leads to any place by quarters, and back', async () => {
    const person = new Person();
    await person.key('q', 'u', 'k');
    expect(person.sees.crosshair).toMatchObject({
      point: { x: 37.5, y: 30 },
      area: { x0: 25, y0: 20, x1: 50, y1: 40 },
    });
    await person.key('Backspace');
    expect(pointOf(person)).toEqual({ x: 25, y: 20 });
    await person.key('Backspace', 'Backspace');
    expect(person.sees.crosshair).toMatchObject({ point: { x: 50, y: 40 }, area: null });
  });

  test('the number pad chooses quarters too, and digits go on to choose categories', async () => {
    const person = new Person();
    await person.key('q', 'Numpad9', '2');
    expect(person.sees).toMatchObject({ crosshair: { point: { x: 75, y: 20 } }, categoryId: 12 });
  });

  test('has its keys only while it is on', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    person.editor.select(['a']);
    await person.key('q', 'Backspace');
    expect(person.order()).toEqual(['a']);
    await person.key('Backspace');
    expect(person.order()).toEqual([]);
  });

  test('ends with Escape before anything else is cleared', async () => {
    const person = await withCrosshair();
    await person.key('Space', 'q', 'i', 'Escape');
    expect(person.sees).toMatchObject({ crosshair: { area: null, point: { x: 75, y: 20 } } });
    expect(person.making.prompts).toHaveLength(1);
  });

  test('splits what is seen, not what is out of sight', async () => {
    const person = new Person();
    person.editor.crosshair.see({ seen: { x0: 20, y0: -10, x1: 60, y1: 30 }, scale: 2 });
    await person.key('q', 'j');
    expect(pointOf(person)).toEqual({ x: 30, y: 22.5 });
  });
});

describe('the tool in hand follows the crosshair', () => {
  test('its preview is that of the point, and a click takes it', async () => {
    const person = await withCrosshair();
    expect(person.sees.preview?.point).toMatchObject({ x: 50, y: 40 });
    await person.key('Space');
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 50, y: 40, label: 1 }]);
  });

  test('a click with Shift leaves out', async () => {
    const person = await withCrosshair();
    await person.key('Space', 'Shift+ArrowLeft', 'Shift+Space');
    expect(person.making.prompts[1]).toMatchObject({ x: 30, label: 0 });
  });

  test('a box goes from where the tool was pressed to where it is released', async () => {
    const person = await withCrosshair();
    await person.key('g', 'Shift+ArrowRight', 'Shift+ArrowDown');
    expect(person.sees).toMatchObject({ crosshair: { isPressed: true }, tool: { draft: { kind: 'box' } } });
    await person.key('g');
    expect(person.making.prompts).toEqual([{ kind: 'box', box: { x0: 50, y0: 40, x1: 70, y1: 60 } }]);
    expect(person.sees.crosshair?.isPressed).toBe(false);
  });

  test('Escape ends what was pressed, and the next press begins anew', async () => {
    const person = await withCrosshair();
    await person.key('g', 'Shift+ArrowRight', 'Escape');
    expect(person.sees).toMatchObject({ making: null, crosshair: { isPressed: false } });
    await person.key('g', 'Shift+ArrowLeft', 'Shift+ArrowDown', 'g');
    expect(person.making.prompts).toHaveLength(1);
  });

  test('a brush paints where it is led while it is pressed', async () => {
    const person = await withCrosshair();
    await person.key('b', 'g', 'Shift+ArrowRight', 'g', 'Enter');
    const [painted] = person.sees.annotations;
    const [x = 0, , width = 0] = painted?.mask.bbox ?? [];
    const { brushSize } = person.sees.editing;
    expect([x, x + width]).toEqual([50 - brushSize / 2, 70 + brushSize / 2]);
  });

  test('a polygon takes its vertices', async () => {
    const person = await withCrosshair();
    await person.key('p', 'Space', 'Shift+ArrowRight', 'Space', 'Shift+ArrowDown', 'Space', 'Enter', 'Enter');
    expect(person.sees.annotations[0]?.mask.area).toBeCloseTo(200, -2);
  });

  test('a mask is selected', async () => {
    const person = await withCrosshair({ annotations: [annotation('a', [40, 30, 60, 50])] });
    await person.key('v', 'Space');
    expect(person.sees.selection).toEqual(['a']);
  });
});

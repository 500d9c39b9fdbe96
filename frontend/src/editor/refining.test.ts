import { describe, expect, test } from 'vitest';

import { annotation, Person } from './testing/person';

const STORED = annotation('a', [10, 10, 30, 30]);

function refining(): Person {
  const person = new Person({ annotations: [STORED], atOnce: true });
  person.editor.refine('a');
  return person;
}

describe('refining an accepted mask', () => {
  test('shows it as the mask in the making, in place of the stored one', () => {
    const person = refining();
    expect(person.making).toMatchObject({ refines: 'a', state: 'edited', prompts: [] });
    expect(person.making.shown).toEqual({ kind: 'full', mask: STORED.mask });
    expect(person.sees.tool.id).toBe('prompt');
  });

  test('shows the model what it has to correct, up close', async () => {
    const person = refining();
    await person.click(40, 40);
    const prior = person.decoder.clicks[0]?.request.prior;
    expect(prior).toMatchObject({ inputSide: 1024, crop: [5, 5, 30, 30] });
    const cells = prior?.logits.filter((value) => value > 0).length ?? 0;
    expect(Math.sqrt(cells) / 256).toBeCloseTo(20 / 30, 1);
  });

  test('Accept puts the corrected mask in its place, as one entry of the history', async () => {
    const person = refining();
    await person.click(40, 40);
    await person.key('Enter');
    expect(person.order()).toEqual(['a']);
    expect(person.changes).toMatchObject([{ kind: 'update', id: 'a', baseVersion: 1 }]);
    await person.key('Mod+z');
    expect(person.sees.annotations[0]?.mask).toBe(STORED.mask);
  });

  test('the work on it counts on from what was done before', async () => {
    const person = refining();
    person.clock += 500;
    await person.click(40, 40);
    person.clock += 1500;
    await person.key('Enter');
    expect(person.sees.annotations[0]?.provenance).toMatchObject({
      source: 'model',
      prompts: [{ kind: 'point', x: 40, y: 40, at_ms: 1500 }],
      seconds: 3,
    });
  });

  test('Accept without a change only lets go of it', async () => {
    const person = refining();
    await person.key('Enter');
    expect(person.sees.making).toBeNull();
    expect(person.changes).toEqual([]);
  });

  test('Escape takes the prompts away, once more lets go of the mask', async () => {
    const person = refining();
    await person.click(40, 40);
    await person.key('Escape');
    expect(person.making).toMatchObject({ refines: 'a', prompts: [] });
    await person.key('Escape');
    expect(person.sees).toMatchObject({ making: null, annotations: [{ id: 'a' }] });
  });

  test('undo goes the same way, and does not touch what was accepted before', async () => {
    const person = refining();
    await person.click(40, 40);
    await person.key('Mod+z', 'Mod+z');
    expect(person.sees).toMatchObject({ making: null, annotations: [{ id: 'a', version: 1 }] });
  });

  test('one that somebody else deleted meanwhile is created anew', async () => {
    const person = refining();
    await person.click(40, 40);
    person.editor.removeAnnotation('a');
    await person.key('Enter');
    expect(person.changes).toMatchObject([{ kind: 'create', annotation: { id: 'a' } }]);
  });

  test('a locked one is left alone', () => {
    const person = new Person({ annotations: [STORED] });
    person.editor.objects.setLocked(['a'], true);
    person.editor.refine('a');
    expect(person.sees.making).toBeNull();
  });
});

describe('hidden and locked masks', () => {
  test('are not hit by the pointer', async () => {
    const person = new Person({ annotations: [STORED, annotation('b', [0, 0, 50, 50])] });
    await person.key('v');
    person.editor.objects.setHidden(['a'], true);
    await person.move(15, 15);
    expect(person.sees.hoveredId).toBe('b');
    person.editor.objects.setLocked(['b'], true);
    await person.move(16, 15);
    expect(person.sees.hoveredId).toBeNull();
  });

  test('a locked one is neither deleted nor recategorised', async () => {
    const person = new Person({ annotations: [STORED] });
    await person.key('.');
    person.editor.objects.setLocked(['a'], true);
    await person.key('Delete', '2');
    expect(person.changes).toEqual([]);
  });
});

test('Shift and a press add to the selection, and take away from it', async () => {
  const person = new Person({ annotations: [STORED, annotation('b', [50, 50, 60, 60])] });
  await person.key('v');
  await person.click(15, 15);
  await person.click(55, 55, { shift: true });
  expect(person.sees.selection).toEqual(['a', 'b']);
  await person.click(15, 15, { shift: true });
  expect(person.sees.selection).toEqual(['b']);
  await person.key('Delete');
  expect(person.order()).toEqual(['a']);
});

import { describe, expect, test } from 'vitest';

import { fullMaskOf } from '../geometry/fullMask';
import { logitsOfMask } from '../geometry/maskPrompt';
import { ringsToRuns } from '../geometry/rings';
import { fourCandidates } from './testing/fakeDecoder';
import { annotation, Person } from './testing/person';

const STORED = annotation('a', [10, 10, 30, 30]);

/** Of a 100 x 80 image, what the model wants: less above, more on the right, and something far away. */
const WANTED = {
  crop: [0, 0, 100, 80] as const,
  logits: logitsOfMask(
    fullMaskOf(
      ringsToRuns(
        [
          [
            { x: 10, y: 15 },
            { x: 40, y: 15 },
            { x: 40, y: 30 },
            { x: 10, y: 30 },
          ],
          [
            { x: 60, y: 60 },
            { x: 70, y: 60 },
            { x: 70, y: 70 },
          ],
        ],
        { width: 100, height: 80 },
      ),
      { width: 100, height: 80 },
    ),
    { width: 100, height: 80 },
    [0, 0, 100, 80],
    1024,
  ),
};

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

  test('tells the model its box, and where a click adds to it', async () => {
    const person = refining();
    await person.click(40, 20);
    expect(person.decoder.clicks[0]?.request.prompts).toEqual([
      { kind: 'box', box: { x0: 10, y0: 10, x1: 40, y1: 30 } },
      { kind: 'point', x: 40, y: 20, label: 1 },
    ]);
  });

  test.each([
    ['adds what the click lies in, and nothing elsewhere', [35, 20], {}, [10, 10, 30, 20]],
    ['takes away what the click lies in, and nothing elsewhere', [25, 12], { alt: true }, [10, 15, 20, 15]],
  ] as const)('%s', async (_, [x, y], options, bbox) => {
    const person = new Person({ annotations: [STORED], atOnce: false });
    person.editor.refine('a');
    await person.click(x, y, options);
    await person.decoder.clicks[0]?.resolve(fourCandidates(WANTED));
    await person.key('Enter');
    expect(person.sees.annotations[0]?.mask.bbox).toEqual(bbox);
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

test('a double click with the select tool takes a mask up again; two slow clicks do not', async () => {
  const person = new Person({ annotations: [STORED] });
  await person.key('v');
  await person.click(15, 15);
  person.clock += 1000;
  await person.click(15, 15);
  expect(person.sees.making).toBeNull();
  person.clock += 100;
  await person.click(16, 15);
  expect(person.sees).toMatchObject({ tool: { id: 'prompt' }, making: { refines: 'a', prompts: [] } });
});

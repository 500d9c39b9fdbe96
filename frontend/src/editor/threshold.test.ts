import { describe, expect, test } from 'vitest';

import type { Candidate } from '../geometry/decoding';
import { fourCandidates } from './testing/fakeDecoder';
import { Person } from './testing/person';

/** Logits that fall by 0.1 a cell from 3 at the left edge of a 100 x 80 image: column 30 is 0. */
const SLOPE = Float32Array.from({ length: 256 * 256 }, (_, i) => 3 - (i % 256) / 10);

async function clicked(): Promise<Person> {
  const person = new Person({ atOnce: false });
  await person.click(2, 40);
  await answer(person, 0);
  return person;
}

async function answer(person: Person, click: number): Promise<void> {
  const crop = [0, 0, 100, 80] as const;
  await person.decoder.clicks[click]?.resolve(
    fourCandidates({ logits: SLOPE, crop, stability: 0.5, gridArea: 9 }),
  );
}

const columns = (candidate: Candidate | null) =>
  candidate?.logits.subarray(0, 256).filter((value) => value > 0).length;

describe('the threshold', () => {
  test('cuts the mask at another logit, and measures it anew', async () => {
    const person = await clicked();
    expect(columns(person.candidate)).toBe(30);
    person.editor.prompting.setThreshold(1);
    expect(person.making.threshold).toBe(1);
    expect(columns(person.candidate)).toBe(20);
    expect(person.candidate?.gridArea).toBe(20 * 205);
    expect(person.candidate?.stability).toBeCloseTo(10 / 30, 1);
  });

  test('goes by keys, a tenth at a time, and stops at its ends', async () => {
    const person = await clicked();
    await person.key('Alt+ArrowUp', 'Alt+ArrowUp', 'Alt+ArrowUp', 'Alt+ArrowDown');
    expect(person.making.threshold).toBe(0.2);
    person.editor.prompting.setThreshold(80);
    expect(person.making.threshold).toBe(5);
  });

  test('a drag of the slider is one step: undo takes all of it back, redo brings it again', async () => {
    const person = await clicked();
    for (const value of [0.1, 0.2, 0.3]) person.editor.prompting.setThreshold(value);
    await person.key('Mod+z');
    expect(person.making).toMatchObject({ threshold: 0, prompts: [{ x: 2 }] });
    await person.key('Mod+Shift+z');
    expect(person.making.threshold).toBe(0.3);
    expect(person.decoder.clicks).toHaveLength(1);
  });

  test('the next click is asked with the mask as the model gave it, and cut at the same logit', async () => {
    const person = await clicked();
    person.editor.prompting.setThreshold(1);
    await person.click(3, 50);
    expect(person.decoder.clicks[1]?.request.prior?.logits).toBe(SLOPE);
    await answer(person, 1);
    expect(person.making.threshold).toBe(1);
    expect(columns(person.candidate)).toBe(20);
  });

  test('clicks stay obeyed, wherever the mask is cut', async () => {
    const person = await clicked();
    await person.click(9, 60);
    await answer(person, 1);
    person.editor.prompting.setThreshold(2);
    const at = 153 * 256 + 23; // The cell under the second click, where the slope is below the threshold.
    expect(SLOPE[at]).toBeLessThan(2);
    expect(person.candidate?.logits[at]).toBeGreaterThan(0);
  });

  test('is stored with the mask', async () => {
    const person = await clicked();
    person.editor.prompting.setThreshold(-1.5);
    await person.key('Enter');
    const [upsample] = person.decoder.upsamples;
    expect(upsample?.request.filter((value) => value > 0).length).toBe(45 * 256);
    await upsample?.resolve({ segmentation: { size: [80, 100], counts: 'x' }, bbox: [0, 0, 9, 9], area: 9 });
    expect(person.sees.annotations[0]?.provenance).toMatchObject({ threshold: -1.5 });
  });

  test('cannot be moved where there is no mask of the model to cut', async () => {
    const person = new Person({ atOnce: false });
    await person.click(2, 40);
    person.editor.prompting.setThreshold(1);
    expect(person.making).toMatchObject({ threshold: 0, canCut: false });
  });
});

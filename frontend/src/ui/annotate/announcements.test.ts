import { describe, expect, test } from 'vitest';

import { annotation, Person } from '../../editor/testing/person';
import { inEnglish } from '../../i18n/english';
import { newsOf, troubleOf } from './announcements';
import { placeOf } from './maskPlace';

const IMAGE = { width: 100, height: 80 };

/** What is said of something that a person does. */
async function heard(person: Person, act: () => unknown): Promise<string | null> {
  const before = person.sees;
  await act();
  const news = newsOf(before, person.sees, IMAGE);
  return news && inEnglish(news);
}

describe('what is said', () => {
  test('of a mask: how large, where, how sure, which candidate', async () => {
    const person = new Person();
    expect(await heard(person, () => person.click(10, 10))).toMatch(
      /^Mask: .+ % of the image, .+, predicted IoU \d\.\d\d, candidate \d of 3: \w+$/,
    );
    expect(await heard(person, () => person.key('Tab'))).toMatch(/candidate \d of 3/);
    expect(await heard(person, () => person.key('Escape'))).toBe('No mask in the making');
  });

  test('of accepted masks: number and category, and that undo took them back', async () => {
    const person = new Person();
    await person.click(10, 10);
    expect(await heard(person, () => person.key('Enter'))).toBe('Mask 1, cat, accepted');
    expect(await heard(person, () => person.key('Mod+z'))).toBe('Undone: 1 mask removed');
    expect(await heard(person, () => person.key('Mod+Shift+z'))).toBe('Redone: Mask 1, cat, accepted');
  });

  test('of selection and categories', async () => {
    const person = new Person({ annotations: [annotation('a', [0, 0, 20, 20]), annotation('b')] });
    expect(await heard(person, () => person.editor.select(['a']))).toBe(
      'Selected: mask 1, cat, 5 % of the image, at the upper left',
    );
    expect(await heard(person, () => person.key('2'))).toBe('Mask 1 is now: dog');
    expect(await heard(person, () => person.editor.select(['a', 'b']))).toBe('2 masks selected');
    expect(await heard(person, () => person.editor.select([]))).toBe('Nothing selected');
  });

  test('of the hand: tool, next category, crosshair', async () => {
    const person = new Person({ annotations: [annotation('a', [40, 30, 60, 50])] });
    expect(await heard(person, () => person.key('v'))).toBe('Tool: Select');
    expect(await heard(person, () => person.key('2'))).toBe('Next mask: dog');
    expect(await heard(person, () => person.key('ArrowLeft'))).toBe(
      '50 % from the left, 50 % from the top, on mask 1, cat',
    );
    expect(await heard(person, () => person.key('q', 'u'))).toBe(
      'Quarters of 50 by 40 pixels, at the upper left',
    );
  });

  test('of nothing but the pointer: nothing', async () => {
    const person = new Person();
    expect(await heard(person, () => person.move(10, 10))).toBeNull();
  });

  test('of a refusal: why, apart from the news', async () => {
    const person = new Person();
    const before = person.sees;
    await person.key('Enter');
    expect(troubleOf(before, person.sees)).toEqual({ key: 'editor:nothingToAccept' });
  });
});

test.each([
  [0, 0, 'at the upper left'],
  [50, 0, 'at the top'],
  [99, 40, 'at the right'],
  [50, 40, 'in the middle'],
  [100, 80, 'at the lower right'],
])('%d, %d lies %s', (x, y, place) => {
  expect(inEnglish(placeOf({ x, y }, IMAGE))).toBe(place);
});

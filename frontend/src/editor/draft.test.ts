import { describe, expect, test } from 'vitest';

import type { EditorDraft } from './draft';
import type { Annotation } from './model';
import { flush } from './testing/fakeDecoder';
import { annotation, Person } from './testing/person';

const STORED = annotation('a', [10, 10, 30, 30]);

/** Another page on the same image: all it knows is the server's list and the draft, which went through a store. */
function reopened(person: Person, annotations: readonly Annotation[], clock = 900_000): Person {
  const draft = structuredClone<EditorDraft>(person.editor.draft());
  const next = new Person({ annotations, modelState: { phase: 'loading-embedding' } });
  next.clock = clock;
  next.editor.restore(draft);
  return next;
}

/** One step after the other is answered. */
async function answered(): Promise<void> {
  for (let step = 0; step < 3; step += 1) await flush();
}

describe('the history on the next page', () => {
  test('brings back what was undone, and takes back what was done', async () => {
    const person = new Person({ annotations: [STORED] });
    person.editor.select(['a']);
    await person.key('2');
    await person.key('Delete');
    await person.key('Mod+z');
    const next = reopened(person, person.sees.annotations);
    await next.key('Mod+Shift+z');
    expect(next.order()).toEqual([]);
    await next.key('Mod+z');
    await next.key('Mod+z');
    expect(next.sees.annotations).toMatchObject([{ id: 'a', categoryId: STORED.categoryId }]);
    expect(next.changes.map(({ kind }) => kind)).toEqual(['delete', 'create', 'update']);
  });

  test('passes over what does not apply any more', async () => {
    const person = new Person({ annotations: [STORED] });
    person.editor.select(['a']);
    await person.key('2');
    const next = reopened(person, []);
    expect(next.sees.canUndo).toBe(true);
    await next.key('Mod+z');
    expect(next.changes).toEqual([]);
  });
});

describe('the mask in the making on the next page', () => {
  test('has its prompts, is asked about from the first one on, and shows the candidate that was chosen', async () => {
    const person = new Person();
    await person.click(40, 40);
    await person.key('Tab');
    await person.click(50, 50);
    const { candidate, chosen } = person;
    const next = reopened(person, []);
    expect(next.making).toMatchObject({ state: 'queued', prompts: person.making.prompts });
    next.editor.setModelState({ phase: 'ready' });
    await answered();
    expect(next.decoder.clicks.map(({ request }) => request.prompts.length)).toEqual([1, 2]);
    expect(next.decoder.clicks[1]?.request.prior).not.toBeNull();
    expect(next.chosen).toBe(chosen);
    expect(next.candidate?.token).toBe(candidate?.token);
  });

  test('can be undone step by step', async () => {
    const person = new Person();
    await person.click(40, 40);
    await person.click(50, 50);
    const next = reopened(person, []);
    next.editor.setModelState({ phase: 'ready' });
    await answered();
    await next.key('Mod+z');
    expect(next.making).toMatchObject({ state: 'shown', prompts: [{ x: 40 }] });
  });

  test('is accepted with the time that was worked on it, without the time between the pages', async () => {
    const person = new Person();
    await person.click(40, 40);
    person.clock += 1500;
    const next = reopened(person, []);
    next.clock += 500;
    next.editor.setModelState({ phase: 'ready' });
    await answered();
    await next.key('Enter');
    expect(next.sees.annotations[0]?.provenance).toMatchObject({ seconds: 2, prompts: [{ at_ms: 0 }] });
  });

  test('still replaces the accepted mask that was taken up again', async () => {
    const person = new Person({ annotations: [STORED] });
    person.editor.refine('a');
    await person.click(40, 40);
    const next = reopened(person, [STORED]);
    expect(next.making.refines).toBe('a');
    const withoutIt = reopened(person, []);
    expect(withoutIt.making.refines).toBeNull();
  });

  test('keeps what was changed by hand', () => {
    const person = new Person();
    person.editor.prompting.session.edit({ kind: 'brush', apply: () => Uint32Array.of(10, 5, 7985) });
    const next = reopened(person, []);
    expect(next.making).toMatchObject({ state: 'edited', shown: { kind: 'full', mask: { area: 5 } } });
  });

  test('leaves out points where the model has become one that knows boxes only', async () => {
    const person = new Person();
    await person.drag([10, 10], [60, 60]);
    await person.click(40, 40);
    const boxes = { encoderDigest: 'e2', decoderDigest: 'd2', inputSide: 1024, takesPoints: false };
    const next = new Person({ model: boxes, modelState: { phase: 'loading-embedding' } });
    next.editor.restore(structuredClone<EditorDraft>(person.editor.draft()));
    next.editor.setModelState({ phase: 'ready' });
    await answered();
    expect(next.decoder.clicks.map(({ request }) => request.prompts)).toMatchObject([[{ kind: 'box' }]]);
  });

  test('is nothing where nothing was begun', () => {
    expect(new Person().editor.draft()).toEqual({ history: { done: [], undone: [] }, making: null });
  });
});

import { describe, expect, test } from 'vitest';
import { fourCandidates } from './testing/fakeDecoder';
import { Person } from './testing/person';

const EMBEDDING_FAILED = { key: 'errors:problems.embedding_failed', values: { detail: '' } } as const;

describe('answers that come late', () => {
  test('for a click that a newer one has overtaken never show', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.click(2, 2);
    const [first, second] = person.decoder.clicks;
    const late = fourCandidates();
    const current = fourCandidates();
    await second?.resolve(current);
    await first?.resolve(late);
    expect(person.candidate).toBe(current[0]);
  });

  test('for a prompt that was undone never show', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.key('Mod+z');
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    expect(person.sees.making).toBeNull();
  });

  test('are there when redo brings their prompt back', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.key('Mod+z');
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    await person.key('Mod+Shift+z');
    expect(person.making.state).toBe('shown');
    expect(person.decoder.clicks).toHaveLength(1);
  });

  test('keep the mask of the prompts before on show', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    const before = person.candidate;
    await person.click(2, 2);
    expect(person.making).toMatchObject({ state: 'decoding', ladder: [], chosen: -1 });
    expect(person.candidate).toBe(before);
  });
});

describe('a failure', () => {
  test('is said, and leaves the prompts where they are', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.reject('out of memory');
    expect(person.sees.status).toMatchObject({ phase: 'error' });
    expect(person.sees.status.message?.values?.reason).toMatchObject({ values: { reason: 'out of memory' } });
    expect(person.making).toMatchObject({ state: 'failed', prompts: [{ x: 1 }] });
  });

  test.each([null, []])('an answer of %o counts as one', async (answer) => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.resolve(answer);
    expect(person.making.state).toBe('failed');
  });

  test('can be retried', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.reject('out of memory');
    await person.key('r');
    await person.decoder.clicks[1]?.resolve(fourCandidates());
    expect(person.making.state).toBe('shown');
    expect(person.sees.status.phase).toBe('ready');
  });

  test('is retried by itself when the model comes back', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.reject('worker gone');
    person.editor.setModelState({ phase: 'loading-model' });
    person.editor.setModelState({ phase: 'ready' });
    expect(person.decoder.clicks).toHaveLength(2);
  });
});

describe('while the model is not ready', () => {
  test('clicks wait and are decoded together when it is', async () => {
    const person = new Person({ modelState: { phase: 'loading-embedding' } });
    await person.click(1, 1);
    await person.click(2, 2);
    expect(person.making.state).toBe('queued');
    expect(person.sees.status.phase).toBe('loading-embedding');
    expect(person.decoder.clicks).toHaveLength(0);
    person.editor.setModelState({ phase: 'ready' });
    expect(person.decoder.clicks.map(({ request }) => request.prompts.length)).toEqual([2]);
  });

  test('Accept waits too', async () => {
    const person = new Person({ modelState: { phase: 'loading-model' } });
    await person.click(1, 1);
    await person.key('Enter');
    expect(person.sees.annotations).toHaveLength(0);
    person.editor.setModelState({ phase: 'ready' });
    await person.editor.settled();
    expect(person.sees.annotations).toHaveLength(1);
  });

  test('an accepted mask comes back when the model fails, and nobody waits for it any longer', async () => {
    const person = new Person({ modelState: { phase: 'loading-embedding' } });
    await person.click(1, 1);
    await person.key('Enter');
    person.editor.setModelState({ phase: 'error', message: EMBEDDING_FAILED });
    await person.editor.settled();
    expect(person.making.prompts).toHaveLength(1);
    person.editor.setModelState({ phase: 'ready' });
    await person.key('Enter');
    expect(person.sees.annotations).toHaveLength(1);
  });

  test('its own failure is said', () => {
    const person = new Person();
    person.editor.setModelState({ phase: 'error', message: EMBEDDING_FAILED });
    expect(person.sees.status).toMatchObject({ phase: 'error', message: EMBEDDING_FAILED });
  });

  test('a prompt undone down to one that was never decoded is decoded then', async () => {
    const person = new Person({ modelState: { phase: 'loading-model' } });
    await person.click(1, 1);
    await person.click(2, 2);
    person.editor.setModelState({ phase: 'ready' });
    await person.key('Mod+z');
    expect(person.making.state).toBe('shown');
    expect(person.making.prompts).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { candidate, flush, fourCandidates, fullMask } from './testing/fakeDecoder';
import { Person } from './testing/person';

/** A click is answered, and Enter pressed: the full-size mask is on its way. */
async function accepted(): Promise<Person> {
  const person = new Person({ atOnce: false });
  await person.click(1, 1);
  await person.decoder.clicks[0]?.resolve(fourCandidates());
  await person.key('Enter');
  return person;
}

describe('Accept', () => {
  test('makes the shown mask an annotation of the current category, and the tool stays armed', async () => {
    const person = new Person();
    await person.key('2');
    await person.click(30, 40);
    await person.key('Enter');
    expect(person.sees.annotations).toMatchObject([{ id: 'new-1', categoryId: 12, version: 0 }]);
    expect(person.changes).toEqual([{ kind: 'create', annotation: person.sees.annotations[0] }]);
    expect(person.sees).toMatchObject({ making: null, categoryId: 12, tool: { id: 'prompt' } });
  });

  test('takes the candidate that Tab has chosen', async () => {
    const person = new Person();
    await person.click(30, 40);
    await person.key('Tab');
    const shown = person.candidate;
    await person.key('Enter');
    expect(person.decoder.upsamples[0]?.request).toBe(shown?.logits);
    expect(person.sees.annotations[0]?.provenance).toMatchObject({ token: 2 });
  });

  test('pressed many times makes one annotation', async () => {
    const person = await accepted();
    await person.key('Enter', 'Enter', 'Enter');
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.annotations).toHaveLength(1);
    expect(person.decoder.upsamples).toHaveLength(1);
    expect(person.sees.status.message).toBeNull();
  });

  test('waits for an answer that is on its way, and never takes the mask before it', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    await person.click(2, 2);
    await person.key('Enter');
    expect(person.decoder.upsamples).toHaveLength(0);
    expect(person.sees.status.phase).toBe('decoding');
    const answer = fourCandidates();
    await person.decoder.clicks[1]?.resolve(answer);
    expect(person.decoder.upsamples[0]?.request).toBe(answer[0]?.logits);
  });

  test('lets the next mask begin at once, and keeps the accepted one on show', async () => {
    const person = await accepted();
    await person.key('2');
    await person.click(50, 50);
    expect(person.sees.accepting).toMatchObject([
      { id: 'new-1', categoryId: 11, shown: { candidate: { token: 3 } } },
    ]);
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.accepting).toEqual([]);
    expect(person.order()).toEqual(['new-1']);
    expect(person.making.prompts).toMatchObject([{ x: 50 }]);
  });

  test('leaves nothing behind after settled, so that the next image can be opened', async () => {
    const person = await accepted();
    let isSettled = false;
    void person.editor.settled().then(() => (isSettled = true));
    await flush();
    expect(isSettled).toBe(false);
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(isSettled).toBe(true);
    expect(person.changes).toHaveLength(1);
  });

  test('is refused without a mask, and the next action clears the message', async () => {
    const person = new Person();
    await person.key('Enter');
    expect(person.sees.status.message).toEqual({ key: 'editor:nothingToAccept' });
    await person.click(1, 1);
    expect(person.sees.status.message).toBeNull();
  });

  test('is refused while every point leaves out, and works once the object is clicked', async () => {
    const person = new Person();
    await person.click(1, 1, { button: 'secondary' });
    await person.key('Enter');
    expect(person.sees.annotations).toEqual([]);
    expect(person.sees.status.message).toEqual({ key: 'editor:nothingTaken' });
    await person.click(5, 5);
    await person.key('Enter');
    expect(person.sees.annotations).toHaveLength(1);
  });

  test('is refused when the mask is empty, and keeps the prompts', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.resolve([candidate(1, { gridArea: 0 })]);
    await person.key('Enter');
    expect(person.sees.status).toMatchObject({ phase: 'ready' });
    expect(person.sees.status.message).toEqual({ key: 'editor:emptyMask' });
    expect(person.making.prompts).toHaveLength(1);
  });

  test('is refused when the answer that it waits for is an empty mask', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.key('Enter');
    await person.decoder.clicks[0]?.resolve([candidate(1, { gridArea: 0 })]);
    expect(person.decoder.upsamples).toHaveLength(0);
    expect(person.sees.status.message).toEqual({ key: 'editor:emptyMask' });
    expect(person.making.prompts).toHaveLength(1);
  });

  test('is refused when the mask turns out empty at full size', async () => {
    const person = await accepted();
    await person.decoder.upsamples[0]?.resolve(fullMask(0));
    expect(person.sees.status.message).toEqual({ key: 'editor:emptyMask' });
    expect(person.sees.annotations).toEqual([]);
    expect(person.making.prompts).toHaveLength(1);
  });

  test('that fails gives the mask back with its prompts and says why; Enter tries again', async () => {
    const person = await accepted();
    await person.decoder.upsamples[0]?.reject('worker gone');
    expect(person.sees.status).toMatchObject({ phase: 'error' });
    expect(person.sees.status.message?.values?.reason).toMatchObject({ values: { reason: 'worker gone' } });
    expect(person.making.state).toBe('shown');
    await person.key('Enter');
    await person.decoder.upsamples[1]?.resolve(fullMask());
    expect(person.sees.annotations).toHaveLength(1);
  });

  test('of a mask whose answer failed asks the model again', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.reject('out of memory');
    await person.key('Enter');
    await person.decoder.clicks[1]?.resolve(fourCandidates());
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.annotations).toHaveLength(1);
  });

  test.each(['Enter', 'Escape'])(
    'that fails while the next mask is in the making gives it back after %s',
    async (key) => {
      const person = await accepted();
      await person.click(50, 50);
      await person.decoder.upsamples[0]?.reject('worker gone');
      expect(person.sees.status.message?.values?.reason).toMatchObject({ values: { reason: 'worker gone' } });
      expect(person.making.prompts).toMatchObject([{ x: 50 }]);
      await person.decoder.clicks[1]?.resolve(fourCandidates());
      await person.key(key);
      expect(person.making.prompts).toMatchObject([{ x: 1 }]);
    },
  );
});

describe('undo while an accepted mask is on its way', () => {
  test('takes it back with its prompts, and it never arrives', async () => {
    const person = await accepted();
    await person.key('Mod+z');
    expect(person.making.prompts).toHaveLength(1);
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.annotations).toEqual([]);
    expect(person.changes).toEqual([]);
  });

  test('takes the preview of the next one off, which answers no further click', async () => {
    const person = await accepted();
    await person.move(50, 50);
    await person.decoder.previews[0]?.resolve(fourCandidates());
    expect(person.sees.preview).not.toBeNull();
    await person.key('Mod+z');
    expect(person.sees.preview).toBeNull();
    await person.click(50, 50);
    expect(person.making.state).toBe('decoding');
  });

  test('does not make a second one when it is accepted again', async () => {
    const person = await accepted();
    await person.key('Mod+z', 'Enter');
    for (const upsample of person.decoder.upsamples) await upsample.resolve(fullMask());
    expect(person.sees.annotations).toHaveLength(1);
    expect(person.changes).toHaveLength(1);
  });
});

describe('the record of how a mask came about', () => {
  test('has the model, the prompts with their times, the scores and the seconds', async () => {
    const person = new Person();
    await person.click(30, 40);
    person.clock += 1200.4;
    await person.drag([10, 10], [50, 60]);
    person.clock += 800;
    await person.key('Enter');
    expect(person.sees.annotations[0]?.provenance).toEqual({
      source: 'model',
      encoder_digest: 'e',
      decoder_digest: 'd',
      prompts: [
        { kind: 'point', x: 30, y: 40, label: 1, at_ms: 0 },
        { kind: 'box', x0: 10, y0: 10, x1: 50, y1: 60, at_ms: 1200 },
      ],
      token: 0,
      predicted_iou: 0.7,
      stability: 0.9,
      threshold: 0,
      edits: [],
      seconds: 2,
    });
  });

  test.each([
    ['from the Accept before it, looking for the object included', 5_000, 6],
    ['from its first prompt after a pause', 600_000, 1],
  ])('counts a mask %s', async (_, gap, seconds) => {
    const person = new Person();
    await person.click(1, 1);
    await person.key('Enter');
    person.clock += gap;
    await person.click(2, 2);
    person.clock += 1000;
    await person.key('Enter');
    expect(person.sees.annotations[1]?.provenance).toMatchObject({ seconds });
  });

  test('ends at Accept, not when the full-size mask arrives', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    await person.decoder.clicks[0]?.resolve(fourCandidates());
    person.clock += 1500;
    await person.key('Enter');
    person.clock += 9000;
    await person.decoder.upsamples[0]?.resolve(fullMask());
    expect(person.sees.annotations[0]?.provenance).toMatchObject({ seconds: 1.5 });
  });
});

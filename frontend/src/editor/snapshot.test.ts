import { describe, expect, test, vi } from 'vitest';
import { candidate } from './testing/fakeDecoder';
import { annotation, Person } from './testing/person';

describe('what there is to see', () => {
  test('is the same object until something changes', async () => {
    const person = new Person();
    await person.click(1, 1);
    const before = person.sees;
    const listener = vi.fn();
    person.editor.subscribe(listener);
    person.editor.pointerCancel();
    person.editor.setModelState({ phase: 'ready' });
    expect(person.sees).toBe(before);
    expect(listener).not.toHaveBeenCalled();
  });

  test('keeps the identity of the parts that did not change', async () => {
    const person = new Person({ annotations: [annotation('a')] });
    await person.click(1, 1);
    const before = person.sees;
    person.editor.objects.hover('a');
    expect(person.sees).not.toBe(before);
    expect(person.sees.hoveredId).toBe('a');
    for (const part of ['annotations', 'making', 'accepting', 'status', 'tool'] as const) {
      expect(person.sees[part]).toBe(before[part]);
    }
  });

  test('tells a listener once for one event, and no longer after it has left', async () => {
    const person = new Person();
    const listener = vi.fn();
    const stop = person.editor.subscribe(listener);
    await person.key('v');
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    await person.key('s');
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('measures how long a click took to decode', async () => {
    const person = new Person({ atOnce: false });
    await person.click(1, 1);
    person.clock += 45;
    await person.decoder.clicks[0]?.resolve([candidate(1)]);
    expect(person.sees.status.lastDecodeMs).toBe(45);
  });
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { PointerInput } from '../../editor/model';
import { MOUSE, Person } from '../../editor/testing/person';
import { type Finger, LONG_PRESS, Touch } from './touch';
import { View } from './view';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { vibrate: () => true });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Fingers on a canvas of 100 x 80 that shows its image at its real size. */
function setUp() {
  const person = new Person();
  const view = new View();
  view.resize({ width: 148, height: 128 });
  view.showImage({ width: 100, height: 80 });
  const showPress = vi.fn();
  const touch = new Touch({ view, editor: () => person.editor, showPress });
  const finger = (id: number, x: number, y: number, time = 0): Finger => {
    const input: PointerInput = { x, y, ...MOUSE, device: 'touch', scale: 1 };
    return { id, at: { x, y }, time, input };
  };
  return { person, view, touch, finger, showPress };
}

describe('one finger', () => {
  test('taps, also when it rolls a little', () => {
    const { person, touch, finger } = setUp();
    touch.down(finger(1, 20, 30));
    touch.move(finger(1, 26, 34));
    touch.up(finger(1, 26, 34));
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 20, y: 30, label: 1 }]);
  });

  test('leaves out by a long press, and not once more when it is lifted', () => {
    const { person, touch, finger, showPress } = setUp();
    touch.down(finger(1, 20, 30));
    expect(showPress).toHaveBeenLastCalledWith({ x: 20, y: 30 });
    vi.advanceTimersByTime(LONG_PRESS);
    touch.up(finger(1, 20, 30, LONG_PRESS));
    expect(showPress).toHaveBeenLastCalledWith(null);
    expect(person.making.prompts).toEqual([{ kind: 'point', x: 20, y: 30, label: 0 }]);
  });

  test('drags from where it came down', () => {
    const { person, touch, finger } = setUp();
    touch.down(finger(1, 20, 30));
    touch.move(finger(1, 60, 50));
    touch.up(finger(1, 60, 50));
    expect(person.making.prompts).toEqual([{ kind: 'box', box: { x0: 20, y0: 30, x1: 60, y1: 50 } }]);
  });

  test('that the system takes away leaves nothing', () => {
    const { person, touch, finger } = setUp();
    touch.down(finger(1, 20, 30));
    touch.move(finger(1, 60, 50));
    touch.cancel(1);
    expect(person.sees).toMatchObject({ making: null, tool: { state: 'idle' } });
    vi.advanceTimersByTime(LONG_PRESS);
    expect(person.sees.making).toBeNull();
  });
});

describe('several fingers', () => {
  test('zoom around their middle, and never reach the tool', () => {
    const { person, view, touch, finger } = setUp();
    touch.down(finger(1, 50, 60));
    touch.down(finger(2, 90, 60));
    touch.move(finger(1, 30, 60));
    touch.move(finger(2, 110, 60));
    touch.up(finger(2, 110, 60, 200));
    touch.up(finger(1, 30, 60, 200));
    expect(view.getState().viewport.scale).toBeCloseTo(2);
    expect(person.sees).toMatchObject({ making: null, tool: { state: 'idle' } });
  });

  test('take a drag back that one of them had begun', () => {
    const { person, touch, finger } = setUp();
    touch.down(finger(1, 20, 30));
    touch.move(finger(1, 60, 50));
    touch.down(finger(2, 80, 60));
    touch.up(finger(1, 60, 50));
    touch.up(finger(2, 80, 60));
    expect(person.sees.making).toBeNull();
  });

  test('undo when two tap, redo when three do', () => {
    const { person, touch, finger } = setUp();
    const tap = (count: number) => {
      const fingers = [1, 2, 3].slice(0, count).map((id) => finger(id, 20 * id, 30));
      for (const each of fingers) touch.down(each);
      for (const each of fingers) touch.up(each);
    };
    tap(1);
    tap(2);
    expect(person.sees.making).toBeNull();
    tap(3);
    expect(person.making.prompts).toHaveLength(1);
  });
});

import { expect, test } from 'vitest';

import { PenGuard } from './penGuard';

const event = (type: string, pointerType: string, timeStamp: number) =>
  ({ type, pointerType, pointerId: 1, timeStamp }) as PointerEvent;

test('a finger is a palm while a pen is down, and for a moment after', () => {
  const guard = new PenGuard();
  const touchAt = (time: number) => guard.isPalm(event('pointerdown', 'touch', time));
  expect(touchAt(0)).toBe(false);
  expect(guard.isPalm(event('pointerdown', 'pen', 100))).toBe(false);
  expect(touchAt(5000)).toBe(true);
  guard.isPalm(event('pointerup', 'pen', 5100));
  expect(touchAt(5400)).toBe(true);
  expect(touchAt(5800)).toBe(false);
});

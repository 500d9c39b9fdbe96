import type { Point } from '../../geometry/types';
import type { PointerInput } from '../model';
import { screenDistance } from './operations';

/** Milliseconds between the presses of a double click. */
const PAUSE = 400;
/** Screen pixels between them. */
const REACH = 4;

/** A press, and when it was. */
export interface Press extends Point {
  readonly at: number;
}

/** Whether a press that comes now is the second of a double click. */
export function isDoubleClick(input: PointerInput, now: number, last: Press | null): boolean {
  return last !== null && now - last.at < PAUSE && screenDistance(input, last) < REACH;
}

/** What keys and presses in the list of masks mean: which row becomes the active one, and what is selected. Pure. */
import type { Row } from './objectRows';

export interface Held {
  readonly shift: boolean;
  /** Control, or Command on a Mac. */
  readonly mod: boolean;
}

export interface Choice {
  readonly rows: readonly Row[];
  /** Ids of the selected masks. */
  readonly selection: readonly string[];
  /** Where a range begins: the last row that was chosen without Shift. */
  readonly anchor: string | null;
}

/** Rows of a page, by the Page keys. */
const PAGE = 12;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE,
  Home: -Infinity,
  End: Infinity,
};

/** The row that a key goes to from the active one (-1: there is none yet); null where the key goes nowhere. */
export function rowAfter(key: string, active: number, count: number): number | null {
  const step = STEPS[key];
  if (step === undefined || count === 0) return null;
  return Math.min(count - 1, Math.max(0, active + step));
}

/** What is selected after a press on a row, or the step of a key to it; null: what was. */
export function selectionAfter(key: string, held: Held, choice: Choice): readonly string[] | null {
  const { rows, selection, anchor } = choice;
  if (held.shift) return rangeOf(rows, anchor ?? key, key);
  const row = rows.find((one) => one.key === key);
  if (row?.kind !== 'object') return null;
  if (!held.mod) return [key];
  return selection.includes(key) ? selection.filter((id) => id !== key) : [...selection, key];
}

/** The masks from one row to another, the last one last. */
function rangeOf(rows: readonly Row[], from: string, to: string): readonly string[] {
  const [start, end] = [indexOf(rows, from), indexOf(rows, to)];
  const [first, last] = [Math.min(start, end), Math.max(start, end)];
  const keys = rows.slice(Math.max(0, first), last + 1).filter(({ kind }) => kind === 'object');
  const ids = keys.map(({ key }) => key);
  return end < start ? ids.reverse() : ids;
}

export const indexOf = (rows: readonly Row[], key: string | null): number =>
  rows.findIndex((row) => row.key === key);

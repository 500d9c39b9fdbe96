import { matchSorter } from 'match-sorter';

/** A line of the palette. */
export interface Entry {
  readonly id: string;
  /** In the language of the page. */
  readonly title: string;
  /** What else it is found by: its English title. */
  readonly alias: string;
  readonly group: string;
  readonly keys: readonly string[];
  readonly isEnabled: boolean;
  /** Too many to be listed before anything is typed. */
  readonly isSearchedOnly: boolean;
  readonly run: () => void;
}

/** Every word must be found, in any order; the best match first, what is not possible now last. */
export function found(text: string, entries: readonly Entry[]): Entry[] {
  const words = text.split(/\s+/).filter(Boolean);
  const shown = words.length === 0 ? entries.filter(({ isSearchedOnly }) => !isSearchedOnly) : [...entries];
  const ranked = words.reduceRight(
    (left, word) => matchSorter(left, word, { keys: ['title', 'alias'] }),
    shown,
  );
  return [...ranked.filter(({ isEnabled }) => isEnabled), ...ranked.filter(({ isEnabled }) => !isEnabled)];
}

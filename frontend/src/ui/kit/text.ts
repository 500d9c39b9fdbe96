/** "1 mask", "2 masks", "1,024 masks". */
export const count = (n: number, noun: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? noun : `${noun}s`}`;

/** "840 ms", "1.2 s". */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

const collator = new Intl.Collator('en', { numeric: true });

/** Compares as a person sorts: `frame 9` before `frame 10`. */
export const naturalOrder = (a: string, b: string): number => collator.compare(a, b);

/** "41 MB", "2.6 GB", in decimal units. */
export const bytes = (size: number): string =>
  size < 1e9 ? `${Math.max(1, Math.round(size / 1e6))} MB` : `${(size / 1e9).toFixed(1)} GB`;

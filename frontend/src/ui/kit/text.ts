/** "840 ms", "1.2 s". */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

const collator = new Intl.Collator('en', { numeric: true });

/** Compares as a person sorts: `frame 9` before `frame 10`. */
export const naturalOrder = (a: string, b: string): number => collator.compare(a, b);

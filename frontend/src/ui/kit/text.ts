const collator = new Intl.Collator('en', { numeric: true });

/** Compares as a person sorts: `frame 9` before `frame 10`. */
export const naturalOrder = (a: string, b: string): number => collator.compare(a, b);

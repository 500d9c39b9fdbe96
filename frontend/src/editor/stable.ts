/** Returns `previous` when both have the same fields by identity, so that what did not change keeps its identity. */
export function keepEqual<T extends object>(previous: T | null, next: T): T {
  if (previous === null) return next;
  const keys = Object.keys(next) as (keyof T)[];
  const same = Object.keys(previous).length === keys.length && keys.every((k) => previous[k] === next[k]);
  return same ? previous : next;
}

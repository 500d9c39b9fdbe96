/** Returns `previous` when both have the same fields by identity, so that what did not change keeps its identity. */
export function keepEqual<T extends object>(previous: T | null, next: T): T {
  if (previous === null) return next;
  const keys = Object.keys(next) as (keyof T)[];
  const same = Object.keys(previous).length === keys.length && keys.every((k) => previous[k] === next[k]);
  return same ? previous : next;
}

/** `compute`, which remembers its last result for as long as it is asked the same, by identity. */
export function remembering<Inputs extends readonly unknown[], Result>(
  compute: (...inputs: Inputs) => Result,
): (...inputs: Inputs) => Result {
  let last: { readonly inputs: Inputs; readonly result: Result } | null = null;
  return (...inputs) => {
    if (!last?.inputs.every((input, i) => input === inputs[i])) last = { inputs, result: compute(...inputs) };
    return last.result;
  };
}

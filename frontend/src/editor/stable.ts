/** Returns `previous` when both have the same fields by identity, so that what did not change keeps its identity. */
export function keepEqual<T extends object>(previous: T | null, next: T): T {
  if (previous === null) return next;
  const keys = Object.keys(next) as (keyof T)[];
  const same = Object.keys(previous).length === keys.length && keys.every((k) => previous[k] === next[k]);
  return same ? previous : next;
}

/** Calls every listener; a listener may leave while it is called. */
export class Listeners<Arguments extends unknown[]> {
  private readonly listeners = new Set<(...args: Arguments) => void>();

  /** Returns the way to stop listening. */
  readonly add = (listener: (...args: Arguments) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  emit(...args: Arguments): void {
    for (const listener of [...this.listeners]) listener(...args);
  }
}

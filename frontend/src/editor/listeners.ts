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

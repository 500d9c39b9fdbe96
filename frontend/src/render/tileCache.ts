/** What was used last stays, as far as the bytes allow. */
interface Entry<Value> {
  readonly value: Value;
  readonly bytes: number;
}

export class TileCache<Value> {
  /** In the order of their last use. */
  private readonly entries = new Map<string, Entry<Value>>();
  private bytes = 0;

  constructor(
    private readonly budget: number,
    private readonly release: (value: Value) => void,
  ) {}

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** Counts as a use. */
  get(key: string): Value | null {
    const entry = this.entries.get(key);
    if (!entry) return null;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, bytes: number): void {
    this.drop(key);
    this.entries.set(key, { value, bytes });
    this.bytes += bytes;
  }

  /** Releases the least recently used down to the budget, but for what is needed now: it would be fetched again at once. */
  trim(needed: ReadonlySet<string>): void {
    for (const key of [...this.entries.keys()]) {
      if (this.bytes <= this.budget) return;
      if (!needed.has(key)) this.drop(key);
    }
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.drop(key);
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.bytes -= entry.bytes;
    this.release(entry.value);
  }
}

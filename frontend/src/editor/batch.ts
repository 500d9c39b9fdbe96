/** What one Accept takes: the objects in the making, each with its own prompts. The last one is at hand. */
import { Making } from './making';

export class Batch {
  private list: Making[];
  /** Objects that undo has emptied, the first one last. */
  private undone: Making[] = [];

  constructor(begun: readonly Making[] = []) {
    this.list = begun.length > 0 ? [...begun] : [new Making()];
  }

  /** At least one; only a lone one may be without anything to see. */
  get objects(): readonly Making[] {
    return this.list;
  }

  get current(): Making {
    return this.list.at(-1) ?? this.begin();
  }

  get others(): readonly Making[] {
    return this.list.slice(0, -1);
  }

  get isBegun(): boolean {
    return this.current.isBegun;
  }

  get canRedo(): boolean {
    return this.current.canRedo || this.undone.length > 0;
  }

  /** Another object; the one at hand where it is still empty. */
  begin(): Making {
    const last = this.list.at(-1);
    if (last && !last.isBegun) return last;
    const making = new Making();
    this.list.push(making);
    return making;
  }

  /** Takes one of the objects in hand. */
  take(making: Making): void {
    this.list = [...this.list.filter((other) => other !== making), making];
  }

  /** Removes the last step of the object at hand; an object without steps goes, for the one before it. */
  undo(): void {
    const { current } = this;
    current.undo();
    if (current.isBegun || this.list.length === 1) return;
    this.list.pop();
    this.undone.push(current);
  }

  redo(): void {
    const next = this.current.canRedo ? undefined : this.undone.pop();
    if (next) this.list.push(next);
    this.current.redo();
  }

  /** Takes every step away; redo brings them back one by one. */
  clear(): void {
    while (this.current.top) this.undo();
  }

  forgetUndone(): void {
    this.undone = [];
    for (const making of this.list) making.forgetUndone();
  }
}

/** Undo and redo of the document. One gesture is one entry, however many patches it takes. */
import type { Document, Patch } from './document';
import type { HistoryDraft } from './draft';

type Entry = readonly Patch[];

export class History {
  private done: Entry[] = [];
  private undone: Entry[] = [];

  constructor(private readonly document: Document) {}

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Applies a gesture's patches. A gesture that changes nothing leaves no entry. */
  commit(patches: Entry): void {
    const inverse = this.apply(patches);
    if (inverse.length === 0) return;
    this.done.push(inverse);
    this.undone = [];
  }

  undo(): void {
    this.step(this.done, this.undone);
  }

  redo(): void {
    this.step(this.undone, this.done);
  }

  draft(): HistoryDraft {
    return { done: [...this.done], undone: [...this.undone] };
  }

  /** Of a page before this one; what does not apply any more is passed over when it is reached. */
  restore({ done, undone }: HistoryDraft): void {
    this.done = [...done];
    this.undone = [...undone];
  }

  /** A new action has begun: what was undone before it cannot come back. */
  forgetUndone(): void {
    this.undone = [];
  }

  /** Passes over entries that the server made pointless, so that one key press always does something visible. */
  private step(from: Entry[], to: Entry[]): void {
    let inverse: Entry = [];
    while (inverse.length === 0) {
      const entry = from.pop();
      if (!entry) return;
      inverse = this.apply(entry);
    }
    to.push(inverse);
  }

  private apply(patches: Entry): Entry {
    return patches
      .map((patch) => this.document.apply(patch))
      .filter((inverse) => inverse !== null)
      .reverse();
  }
}

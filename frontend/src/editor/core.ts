/** What the parts of an editor share: the document and its history, the categories, and the one way to change anything. */
import type { Size } from '../geometry/types';
import type { Message } from '../i18n/message';
import { Document, type Patch } from './document';
import { History } from './history';
import type { Annotation, Category, Change, Walked } from './model';
import type { Decoder } from './ports';

/** Why the last action did not work: refused (`ready`) or failed (`error`). */
export interface Trouble {
  readonly phase: 'ready' | 'error';
  readonly message: Message;
}

export interface CoreOptions {
  readonly decoder: Decoder;
  readonly imageSize: Size;
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  /** The category of the first mask; the first of `categories` when left out. */
  readonly categoryId?: number | null;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** A new UUID. */
  readonly newId: () => string;
}

export class Core {
  readonly decoder: Decoder;
  readonly imageSize: Size;
  readonly now: () => number;
  readonly newId: () => string;
  readonly document: Document;
  readonly history: History;
  categories: readonly Category[];
  /** The category of the next mask. */
  categoryId: number | null;
  trouble: Trouble | null = null;
  /** A person changed an accepted mask: what was undone before can no longer be redone. */
  onCommit: () => void = () => undefined;
  /** Something may have changed: called once for each outermost transaction. */
  onChanged: () => void = () => undefined;
  walked: Walked | null = null;
  private depth = 0;

  constructor(options: CoreOptions, report: (change: Change) => void) {
    const { decoder, imageSize, now, newId, annotations, categories, categoryId } = options;
    this.decoder = decoder;
    this.imageSize = imageSize;
    this.now = now;
    this.newId = newId;
    this.document = new Document(annotations, report);
    this.history = new History(this.document);
    this.categories = categories;
    this.categoryId = categoryId === undefined ? (categories[0]?.id ?? null) : categoryId;
  }

  /** Remembered for whoever tells people what happened. */
  walk(way: Walked['way']): void {
    this.walked = { way };
  }

  /** An action of a person: the message about the one before is gone. */
  act(action: () => void): void {
    this.trouble = null;
    this.transact(action);
  }

  /** What a person does to the document: one entry of the history. */
  commit(patches: readonly Patch[]): void {
    this.act(() => {
      this.history.commit(patches);
      this.onCommit();
    });
  }

  /** The action cannot be done, and why. */
  refuse(message: Message): void {
    this.trouble = { phase: 'ready', message };
  }

  /** Runs a change; the outermost one lets the world know. */
  readonly transact = (change: () => void): void => {
    this.depth += 1;
    try {
      change();
    } finally {
      this.depth -= 1;
      if (this.depth === 0) this.onChanged();
    }
  };
}

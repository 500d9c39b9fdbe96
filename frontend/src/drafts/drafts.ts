/**
 * What the annotator could undo, and the mask in the making, of each image: kept in this browser so that a reload takes
 * nothing away. It is a convenience, unlike the outbox: what cannot be kept is let go.
 *
 *   const drafts = await Drafts.open();
 *   const draft = await drafts.read(imageId, imageSize);   // when an image is opened
 *   drafts.keep(imageId, () => editor.draft());            // after every change; written a moment later
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

import { isEmptyDraft, type EditorDraft } from '../editor/draft';
import type { Size } from '../geometry/types';
import { readDraft } from './format';
import { withinLimits } from './limits';

interface Stored {
  readonly imageId: number;
  readonly savedAt: number;
  readonly draft: EditorDraft;
}

interface Schema extends DBSchema {
  drafts: { key: number; value: Stored; indexes: { savedAt: number } };
}

/** Changes that follow each other closely are written once. */
const REST_MS = 250;
const IMAGES_MOST = 200;
const OLDEST_MS = 30 * 24 * 60 * 60 * 1000;

export class Drafts {
  private readonly unwritten = new Map<number, () => EditorDraft>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly now: () => number,
  ) {}

  /** @throws where the browser refuses IndexedDB. */
  static async open(name = 'maskloop-drafts', now: () => number = Date.now): Promise<Drafts> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(database) {
        database.createObjectStore('drafts', { keyPath: 'imageId' }).createIndex('savedAt', 'savedAt');
      },
      blocking: () => db.close(),
    });
    return new Drafts(db, now);
  }

  /** Whether a page that closes now would take something with it. */
  get isBehind(): boolean {
    return this.unwritten.size > 0;
  }

  /** Null where there is none, or none that can be read. */
  async read(imageId: number, size: Size): Promise<EditorDraft | null> {
    try {
      const stored = await this.db.get('drafts', imageId);
      const isFresh = stored !== undefined && stored.savedAt > this.now() - OLDEST_MS;
      return isFresh ? readDraft(stored.draft, size) : null;
    } catch {
      return null;
    }
  }

  /** `draft` is asked when it is written: the newest counts. */
  keep(imageId: number, draft: () => EditorDraft): void {
    this.unwritten.set(imageId, draft);
    this.timer ??= setTimeout(() => void this.flush(), REST_MS);
  }

  /** Writes at once what is left to write: the page may be about to go. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const drafts = [...this.unwritten];
    this.unwritten.clear();
    await this.write(drafts.map(([imageId, draft]) => [imageId, draft()] as const)).catch(() => undefined);
  }

  async forget(imageId: number): Promise<void> {
    this.unwritten.delete(imageId);
    await this.db.delete('drafts', imageId).catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.timer);
    this.db.close();
  }

  private async write(drafts: readonly (readonly [number, EditorDraft])[]): Promise<void> {
    const tx = this.db.transaction('drafts', 'readwrite');
    for (const [imageId, whole] of drafts) {
      const draft = withinLimits(whole);
      if (isEmptyDraft(draft)) await tx.store.delete(imageId);
      else await tx.store.put({ imageId, savedAt: this.now(), draft });
    }
    let surplus = (await tx.store.count()) - IMAGES_MOST;
    for await (const cursor of tx.store.index('savedAt')) {
      if (surplus <= 0 && cursor.value.savedAt > this.now() - OLDEST_MS) break;
      await cursor.delete();
      surplus -= 1;
    }
    await tx.done;
  }
}

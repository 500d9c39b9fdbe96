/** The queue in IndexedDB: what is here survives a reload, a crash and a dead server. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';

import type { Entry, Mutation, NewEntry, Rejection } from './entry';
import { dependents } from './queue';

interface Schema extends DBSchema {
  entries: {
    key: number;
    value: Entry | NewEntry;
    indexes: { image: number; annotation: string };
  };
  /** The version that the server last acknowledged to this browser, by annotation. */
  versions: { key: string; value: { version: number; imageId: number }; indexes: { image: number } };
}

/** On disk before the transaction completes, not only handed to the operating system. */
const DURABLE: IDBTransactionOptions = { durability: 'strict' };

export class OutboxStore {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(name: string): Promise<OutboxStore> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(database) {
        const entries = database.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
        entries.createIndex('image', 'mutation.imageId');
        entries.createIndex('annotation', 'mutation.annotationId');
        database.createObjectStore('versions').createIndex('image', 'imageId');
      },
    });
    return new OutboxStore(db);
  }

  /** Resolves once the entry is on disk. `seenVersion` counts only where nothing newer was acknowledged here. */
  async add(mutation: Mutation, key: string, seenVersion: number | null): Promise<void> {
    const tx = this.db.transaction(['entries', 'versions'], 'readwrite', DURABLE);
    const acknowledged = await tx.objectStore('versions').get(mutation.annotationId);
    const baseVersion = mutation.kind === 'create' ? null : (acknowledged?.version ?? seenVersion);
    await tx.objectStore('entries').add({ key, mutation, baseVersion, rejection: null });
    await tx.done;
  }

  all(): Promise<Entry[]> {
    return this.db.getAll('entries') as Promise<Entry[]>;
  }

  ofImage(imageId: number): Promise<Entry[]> {
    return this.db.getAllFromIndex('entries', 'image', imageId) as Promise<Entry[]>;
  }

  /** The server has it: the entry goes, and what builds on it learns the version, in one transaction. */
  async acknowledge(entry: Entry, version: number | null): Promise<void> {
    const { annotationId, imageId } = entry.mutation;
    const tx = this.db.transaction(['entries', 'versions'], 'readwrite', DURABLE);
    const entries = tx.objectStore('entries');
    await entries.delete(entry.seq);
    if (version === null) await tx.objectStore('versions').delete(annotationId);
    else await tx.objectStore('versions').put({ version, imageId }, annotationId);
    for await (const cursor of entries.index('annotation').iterate(annotationId)) {
      await cursor.update({ ...cursor.value, baseVersion: version });
    }
    await tx.done;
  }

  async reject(seq: number, rejection: Rejection): Promise<void> {
    await this.change(seq, (entry) => ({ ...entry, rejection }));
  }

  /**
   * Puts a rejected entry back in the queue. A new key, because the body may differ: a stale edit is sent again on top
   * of the version that the server named.
   */
  async release(seq: number, key: string): Promise<void> {
    await this.change(seq, (entry) => ({
      ...entry,
      key,
      baseVersion: entry.rejection?.currentVersion ?? entry.baseVersion,
      rejection: null,
    }));
  }

  /** Gives a mutation up; with a create goes everything that was built on it. */
  async discard(seq: number): Promise<void> {
    const tx = this.db.transaction('entries', 'readwrite', DURABLE);
    const entries = (await tx.store.getAll()) as Entry[];
    const head = entries.find((entry) => entry.seq === seq);
    const followers = head?.mutation.kind === 'create' ? dependents(entries, seq) : [];
    for (const gone of [seq, ...followers.map((follower) => follower.seq)]) await tx.store.delete(gone);
    await tx.done;
  }

  /** Gives up everything of an image. */
  async discardImage(imageId: number): Promise<void> {
    const tx = this.db.transaction(['entries', 'versions'], 'readwrite', DURABLE);
    for (const store of ['entries', 'versions'] as const) {
      for await (const cursor of tx.objectStore(store).index('image').iterate(imageId)) await cursor.delete();
    }
    await tx.done;
  }

  /** The server's list of an image was read: forget acknowledged versions that it already shows. */
  async observe(imageId: number, versions: ReadonlyMap<string, number>): Promise<void> {
    const tx = this.db.transaction('versions', 'readwrite');
    for await (const cursor of tx.store.index('image').iterate(imageId)) {
      const listed = versions.get(cursor.primaryKey);
      if (listed !== undefined && listed >= cursor.value.version) await cursor.delete();
    }
    await tx.done;
  }

  close(): void {
    this.db.close();
  }

  private async change(seq: number, edit: (entry: Entry) => Entry): Promise<void> {
    const tx = this.db.transaction('entries', 'readwrite', DURABLE);
    const entry = (await tx.store.get(seq)) as Entry | undefined;
    if (entry) await tx.store.put(edit(entry));
    await tx.done;
  }
}

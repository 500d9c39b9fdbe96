/** The queue in IndexedDB: what is here survives a reload, a crash and a dead server. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';

import type { Entry, Mutation, NewEntry, Rejection } from './entry';
import { toVersion2, type EntryOfVersion1 } from './migration';
import { decided, refusalsOf, type Decision } from './refusals';

interface Schema extends DBSchema {
  entries: {
    key: number;
    value: Entry | NewEntry;
    indexes: { image: number; annotation: string; project: number };
  };
  /** The version that the server last acknowledged to this browser, by annotation. */
  versions: { key: string; value: { version: number; imageId: number }; indexes: { image: number } };
}

/** On disk before the transaction completes, not only handed to the operating system. */
const DURABLE: IDBTransactionOptions = { durability: 'strict' };

const VERSION = 2;

/** Two tabs may run pages of different age. */
export interface TabEvents {
  /** A tab with an older page holds the queue in its old form: opening waits until that tab is closed. */
  readonly onBlocked?: () => void;
  /** A tab with a newer page needs the queue in a new form: this one has let go of it. */
  readonly onSuperseded?: () => void;
}

type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** What is done here belongs to one transaction: all of it, or nothing. */
async function upgrade(database: IDBPDatabase<Schema>, before: number, tx: Upgrade): Promise<void> {
  if (before < 1) createStores(database);
  const entries = tx.objectStore('entries');
  entries.createIndex('project', 'mutation.projectId');
  for await (const cursor of entries) {
    const { seq, ...old } = cursor.value as unknown as EntryOfVersion1 & { readonly seq: number };
    await cursor.update({ ...toVersion2(old), seq });
  }
}

function createStores(database: IDBPDatabase<Schema>): void {
  const entries = database.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true });
  entries.createIndex('image', 'mutation.imageId');
  entries.createIndex('annotation', 'mutation.annotationId');
  database.createObjectStore('versions').createIndex('image', 'imageId');
}

export class OutboxStore {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(name: string, { onBlocked, onSuperseded }: TabEvents = {}): Promise<OutboxStore> {
    const db = await openDB<Schema>(name, VERSION, {
      upgrade: (database, before, _, tx) => void upgrade(database, before, tx),
      blocked: () => onBlocked?.(),
      blocking: () => {
        db.close();
        onSuperseded?.();
      },
    });
    return new OutboxStore(db);
  }

  /** Resolves once the entry is on disk. `seenVersion` counts only where nothing newer was acknowledged here. */
  async add(mutation: Mutation, key: string, seenVersion: number | null): Promise<void> {
    const tx = this.db.transaction(['entries', 'versions'], 'readwrite', DURABLE);
    const acknowledged = await tx.objectStore('versions').get(mutation.annotationId);
    const baseVersion = mutation.kind === 'create' ? null : (acknowledged?.version ?? seenVersion);
    const entry: NewEntry = { key, mutation, acceptedAt: Date.now(), baseVersion, rejection: null };
    await tx.objectStore('entries').add(entry);
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

  /** Makes of a refused entry, and of what waits behind it, what a person has decided. */
  async decide(seq: number, decision: Decision, key: string): Promise<void> {
    const tx = this.db.transaction(['entries', 'versions'], 'readwrite', DURABLE);
    const entries = tx.objectStore('entries');
    const refusal = refusalsOf((await entries.getAll()) as Entry[]).find(({ entry }) => entry.seq === seq);
    if (refusal) {
      const { followers, theirs, entry } = refusal;
      const { annotationId, imageId } = entry.mutation;
      const next = decided(refusal, decision, key);
      if (decision.kind !== 'retry') for (const { seq: gone } of followers) await entries.delete(gone);
      if (next) await entries.put(next);
      else await entries.delete(seq);
      // What is changed from now on is changed in what the server holds.
      if (theirs)
        await tx.objectStore('versions').put({ version: theirs.annotation.version, imageId }, annotationId);
    }
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

  /** Gives up everything of a project. */
  async discardProject(projectId: number): Promise<void> {
    const tx = this.db.transaction('entries', 'readwrite', DURABLE);
    for await (const cursor of tx.store.index('project').iterate(projectId)) await cursor.delete();
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

/** Outboxes on a database of their own, and a server to send to. */
import { expect, vi } from 'vitest';

import { ApiError, NetworkError } from '../../api/errors';
import type { Annotation, Change } from '../../editor/model';
import type { Entry } from '../entry';
import { Outbox } from '../outbox';
import type { Decision } from '../refusals';
import type { Exclusive } from '../sender';
import type { Send } from '../transport';

export const annotation = (id: string): Annotation => ({
  id,
  categoryId: null,
  mask: { segmentation: { size: [4, 4], counts: '04' }, bbox: [0, 0, 1, 4], area: 4 },
  attributes: {},
  parentId: null,
  layer: 0,
  provenance: {
    source: 'model',
    encoder_digest: 'e'.repeat(64),
    decoder_digest: 'd'.repeat(64),
    prompts: [{ kind: 'point', x: 3.5, y: 2.5, label: 1, at_ms: 0 }],
    token: 1,
    predicted_iou: 0.9,
    stability: 0.95,
    threshold: 0,
    edits: [],
    seconds: 1.5,
  },
  version: 0,
});
export const at = (imageId: number) => ({ imageId, projectId: 7 });
export const create = (id: string): Change => ({ kind: 'create', annotation: annotation(id) });
export const update = (id: string, baseVersion = 0): Change => ({
  kind: 'update',
  id,
  changes: { categoryId: 7 },
  after: { ...annotation(id), categoryId: 7 },
  baseVersion,
});
export const remove = (id: string, version = 0): Change => ({ kind: 'delete', id, version });

/** A row of the server's. */
export const copyOf = (id: string, version: number) => ({
  ...annotation(id),
  category_id: 3,
  parent_id: null,
  segmentation: { size: [4, 4], counts: '22' },
  bbox: [0, 2, 1, 2],
  area: 2,
  version,
  updated_at: '2026-11-22T10:00:00Z',
});

/** A server that keeps what it was sent: one row an annotation, one answer a key. */
export class FakeServer {
  readonly received: Entry[] = [];
  readonly answers = new Map<string, number | null>();
  readonly versions = new Map<string, number>();
  /** What to throw for an entry, before (`refuse`) or after (`loseAnswer`) the row is written. */
  refuse: (entry: Entry) => Error | null = () => null;
  loseAnswer: (entry: Entry) => boolean = () => false;

  readonly send: Send = (entry) => {
    this.received.push(entry);
    const refusal = this.refuse(entry);
    if (refusal) return Promise.reject(refusal);
    if (!this.answers.has(entry.key)) this.answers.set(entry.key, this.write(entry));
    if (this.loseAnswer(entry)) return Promise.reject(new NetworkError());
    return Promise.resolve(this.answers.get(entry.key) ?? null);
  };

  private write({ mutation, baseVersion }: Entry): number | null {
    const { annotationId, kind } = mutation;
    const held = this.versions.get(annotationId) ?? 0;
    if (kind === 'create' ? held !== 0 : held !== baseVersion) {
      const current = held > 0 ? copyOf(annotationId, held) : undefined;
      if (!current && kind !== 'create')
        throw new ApiError(404, { code: 'not_found', detail: 'It is gone.' });
      throw new ApiError(409, {
        code: 'stale_version',
        detail: 'Somebody else changed it.',
        current,
      } as never);
    }
    if (kind === 'delete') this.versions.delete(annotationId);
    else this.versions.set(annotationId, held + 1);
    return kind === 'delete' ? null : held + 1;
  }
}

export const problem = (status: number, detail = 'No.') => new ApiError(status, { code: 'refused', detail });

/** What Web Locks do, between outboxes of one process. */
export function webLock(): Exclusive {
  let last = Promise.resolve();
  return (work, signal) => {
    const turn = last.then(() => (signal.aborted ? undefined : work()));
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** Of the first refusal there is. */
export const decide = (outbox: Outbox, decision: Decision) =>
  outbox.decide(outbox.getState().refusals[0]?.entry.seq ?? -1, decision);
export const refused = (outbox: Outbox) =>
  vi.waitFor(() => expect(outbox.getState().refusals).toHaveLength(1));

const open: Outbox[] = [];

export function closeAll(): void {
  for (const outbox of open.splice(0)) outbox.close();
}

let databases = 0;
export const freshName = () => `outbox-${databases++}`;

export async function tab(
  name: string,
  send: Send,
  exclusive: Exclusive = (work) => work(),
): Promise<Outbox> {
  const outbox = await Outbox.open({ name, send, exclusive, random: () => 0 });
  open.push(outbox);
  return outbox;
}

export const settled = (outbox: Outbox) => vi.waitFor(() => expect(outbox.getState().waiting).toBe(0));
export const sent = (server: FakeServer) =>
  server.received.map(({ mutation: m }) => `${m.kind} ${m.annotationId}`);

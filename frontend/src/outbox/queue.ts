/** The rules of the queue, without a database or a network. Entries are always given in the order of acceptance. */
import { ApiError } from '../api/errors';
import type { Annotation as AnnotationRow } from '../api/types';
import type { Annotation, AnnotationChanges } from '../editor/model';
import type { Entry, Mutation, Rejection } from './entry';

/**
 * The entry to send now, or null. An image's entries go one after the other. A rejected entry holds back only what
 * builds on it: later entries of the same annotation. `resting` images wait for the end of their backoff.
 */
export function nextToSend(entries: readonly Entry[], resting: ReadonlySet<number>): Entry | null {
  const held = new Set<string>();
  const found = entries.find(({ rejection, mutation }) => {
    if (rejection) held.add(mutation.annotationId);
    return !held.has(mutation.annotationId) && !resting.has(mutation.imageId);
  });
  return found ?? null;
}

/** Entries that wait behind a rejected one of the same annotation. */
export function dependents(entries: readonly Entry[], seq: number): Entry[] {
  const head = entries.find((entry) => entry.seq === seq);
  return entries.filter((e) => e.seq > seq && e.mutation.annotationId === head?.mutation.annotationId);
}

const PASSING = new Set([408, 425, 429]);

/** A refusal that the same request would meet again, however often it is sent. */
export function isFinal(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && !PASSING.has(error.status);
}

export function toRejection(error: ApiError): Rejection {
  const { current } = error.problem;
  return {
    status: error.status,
    code: error.code,
    reason: error.message,
    current: current ? { annotation: fromServer(current), updatedAt: current.updated_at } : null,
  };
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

/**
 * Milliseconds before try number `attempt` (0 is the first repeat): doubling, up to 10 s, with half of it random, so
 * that many browsers do not return at the same instant. The server's own Retry-After is the least.
 */
export function backoff(
  attempt: number,
  random: () => number,
  retryAfterSeconds: number | null = null,
): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return Math.max(ceiling / 2 + (random() * ceiling) / 2, (retryAfterSeconds ?? 0) * 1000);
}

/** The editor's annotation for a row of the server's. */
export function fromServer(row: AnnotationRow): Annotation {
  const { id, segmentation, bbox, area, attributes, layer, provenance, version } = row;
  const mask = { segmentation, bbox, area };
  return {
    id,
    categoryId: row.category_id,
    mask,
    attributes,
    parentId: row.parent_id,
    layer,
    provenance,
    version,
  };
}

function updated(annotation: Annotation | null, changes: AnnotationChanges): Annotation | undefined {
  return annotation ? { ...annotation, ...changes } : undefined;
}

/**
 * What one mutation makes of an annotation; undefined is "not there". A change of a mask that somebody else deleted shows
 * the mask as it was left here, until a person has decided.
 */
function apply(shown: Annotation | undefined, mutation: Mutation): Annotation | undefined {
  switch (mutation.kind) {
    case 'create':
      return { ...mutation.annotation, version: shown?.version ?? 0 };
    case 'update':
      return updated(shown ?? mutation.after, mutation.changes);
    case 'delete':
      return undefined;
  }
}

/**
 * The annotations as the annotator left them: unsent mutations laid over the server's list. Read the entries before the
 * list: what is confirmed in between is then in both, and nothing is missing from either.
 */
export function overlay(rows: readonly AnnotationRow[], entries: readonly Entry[]): Annotation[] {
  const shown = new Map(rows.map((row) => [row.id, fromServer(row)]));
  for (const { mutation } of entries) {
    const after = apply(shown.get(mutation.annotationId), mutation);
    if (after) shown.set(after.id, after);
    else shown.delete(mutation.annotationId);
  }
  return [...shown.values()];
}

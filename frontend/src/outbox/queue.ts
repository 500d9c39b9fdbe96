/** The rules of the queue, without a database or a network. Entries are always given in the order of acceptance. */
import { ApiError } from '../api/errors';
import type { Annotation } from '../api/types';
import type { Entry, Measured, Mutation, Rejection } from './entry';

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
  return {
    status: error.status,
    code: error.code,
    reason: error.message,
    currentVersion: error.problem.current?.version ?? null,
  };
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * Milliseconds before try number `attempt` (0 is the first repeat): doubling, up to 30 s, with half of it random, so
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

/** An annotation as the annotator sees it: the server's row with what is still on its way laid over it. */
export interface ShownAnnotation extends Measured {
  readonly id: string;
  readonly categoryId: number | null;
  readonly segmentation: Annotation['segmentation'];
  /** Null until the server has acknowledged the annotation. */
  readonly version: number | null;
}

export function fromServer(annotation: Annotation): ShownAnnotation {
  const { id, category_id, segmentation, bbox, area, version } = annotation;
  return { id, categoryId: category_id, segmentation, bbox, area, version };
}

/** What one mutation makes of an annotation; undefined is "not there". */
function apply(shown: ShownAnnotation | undefined, mutation: Mutation): ShownAnnotation | undefined {
  switch (mutation.kind) {
    case 'create': {
      const { annotationId: id, categoryId, segmentation, measured } = mutation;
      const [height, width] = segmentation.size;
      const version = shown?.version ?? null;
      return {
        id,
        categoryId,
        segmentation: { ...segmentation, size: [height, width] },
        ...measured,
        version,
      };
    }
    case 'update':
      return shown && { ...shown, categoryId: mutation.categoryId };
    case 'delete':
      return undefined;
  }
}

/** Lays unsent mutations over the server's list. Read the entries before the list: an entry sent in between is in both. */
export function overlay(server: readonly Annotation[], entries: readonly Entry[]): ShownAnnotation[] {
  const shown = new Map(server.map((annotation) => [annotation.id, fromServer(annotation)]));
  for (const { mutation } of entries) {
    const after = apply(shown.get(mutation.annotationId), mutation);
    if (after) shown.set(after.id, after);
    else shown.delete(mutation.annotationId);
  }
  return [...shown.values()];
}

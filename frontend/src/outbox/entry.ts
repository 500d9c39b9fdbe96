import type { Annotation, AnnotationChanges, Change } from '../editor/model';

interface Target {
  readonly imageId: number;
  readonly annotationId: string;
}

/** A change of the editor's, with the image that it belongs to. */
export type Mutation =
  | (Target & { readonly kind: 'create'; readonly annotation: Annotation })
  | (Target & { readonly kind: 'update'; readonly changes: AnnotationChanges })
  | (Target & { readonly kind: 'delete' });

export function toMutation(imageId: number, change: Change): Mutation {
  switch (change.kind) {
    case 'create':
      return { kind: 'create', imageId, annotationId: change.annotation.id, annotation: change.annotation };
    case 'update':
      return { kind: 'update', imageId, annotationId: change.id, changes: change.changes };
    case 'delete':
      return { kind: 'delete', imageId, annotationId: change.id };
  }
}

/** The version that the annotator saw; null while the server had not acknowledged any. */
export function seenVersion(change: Change): number | null {
  if (change.kind === 'create') return null;
  return (change.kind === 'update' ? change.baseVersion : change.version) || null;
}

/** Why the server refused an entry for good. */
export interface Rejection {
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** The version that the server holds, where a stale edit was refused. */
  readonly currentVersion: number | null;
}

/** One mutation on its way to the server. */
export interface Entry {
  /** Order of acceptance, given by the store. */
  readonly seq: number;
  /** Idempotency key: a replay under the same key changes nothing on the server. */
  readonly key: string;
  readonly mutation: Mutation;
  /**
   * The annotation's version that this mutation builds on; null while only an earlier entry can tell. It is final once
   * every earlier entry of the annotation is acknowledged, and only then is the entry sent: a replay has the same body.
   */
  readonly baseVersion: number | null;
  readonly rejection: Rejection | null;
}

export type NewEntry = Omit<Entry, 'seq'>;

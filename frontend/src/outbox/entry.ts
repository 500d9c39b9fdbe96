import type { Annotation, AnnotationChanges, Change } from '../editor/model';

/** Where an annotation belongs. */
export interface Place {
  readonly imageId: number;
  /** Null of changes from before it was noted. */
  readonly projectId: number | null;
}

interface Target extends Place {
  readonly annotationId: string;
}

/** A change of the editor's, with the image that it belongs to. */
export type Mutation =
  | (Target & { readonly kind: 'create'; readonly annotation: Annotation })
  | (Target & {
      readonly kind: 'update';
      readonly changes: AnnotationChanges;
      /** The whole annotation as the annotator left it; null of changes from before it was noted. */
      readonly after: Annotation | null;
    })
  | (Target & { readonly kind: 'delete' });

export function toMutation(place: Place, change: Change): Mutation {
  switch (change.kind) {
    case 'create':
      return { ...place, kind: 'create', annotationId: change.annotation.id, annotation: change.annotation };
    case 'update':
      return {
        ...place,
        kind: 'update',
        annotationId: change.id,
        changes: change.changes,
        after: change.after,
      };
    case 'delete':
      return { ...place, kind: 'delete', annotationId: change.id };
  }
}

/** The version that the annotator saw; null while the server had not acknowledged any. */
export function seenVersion(change: Change): number | null {
  if (change.kind === 'create') return null;
  return (change.kind === 'update' ? change.baseVersion : change.version) || null;
}

/** An annotation as the server holds it. */
export interface ServerCopy {
  readonly annotation: Annotation;
  /** When it was changed last: ISO 8601. */
  readonly updatedAt: string;
}

/** Why the server refused an entry for good. */
export interface Rejection {
  readonly status: number;
  readonly code: string;
  /** The server's own words. */
  readonly reason: string;
  /** What the server holds, where a stale edit was refused. */
  readonly current: ServerCopy | null;
}

/** One mutation on its way to the server. */
export interface Entry {
  /** Order of acceptance, given by the store. */
  readonly seq: number;
  /** Idempotency key: a replay under the same key changes nothing on the server. */
  readonly key: string;
  readonly mutation: Mutation;
  /** When it was accepted, in ms since 1970; null of changes from before it was noted. */
  readonly acceptedAt: number | null;
  /**
   * The annotation's version that this mutation builds on; null while only an earlier entry can tell. It is final once
   * every earlier entry of the annotation is acknowledged, and only then is the entry sent: a replay has the same body.
   */
  readonly baseVersion: number | null;
  readonly rejection: Rejection | null;
}

export type NewEntry = Omit<Entry, 'seq'>;

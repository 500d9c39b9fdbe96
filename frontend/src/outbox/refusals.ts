/** What the server refused, as a person has to judge it, and what each decision makes of the queue. No I/O. */
import type { Annotation, AnnotationChanges } from '../editor/model';
import type { Entry, Rejection, ServerCopy } from './entry';
import { dependents } from './queue';

/**
 * `conflict`: somebody else changed the annotation first. `deleted`: somebody else deleted it. `image`: its image is no
 * more. `category`: its category is no more.
 */
export type RefusalKind = 'conflict' | 'deleted' | 'image' | 'category' | 'other';

/** A refused entry, with everything that waits behind it. */
export interface Refusal {
  readonly kind: RefusalKind;
  readonly entry: Entry;
  readonly rejection: Rejection;
  /** Later changes of the same annotation; they wait for the decision. */
  readonly followers: readonly Entry[];
  /** The annotation as it was left here, `followers` included; null where it was deleted, or is not known. */
  readonly mine: Annotation | null;
  /** What the server holds, in a conflict. */
  readonly theirs: ServerCopy | null;
}

export type Decision =
  /** Sends it once more, as it is. */
  | { readonly kind: 'retry' }
  /** Gives it up, with what waits behind it. */
  | { readonly kind: 'theirs' }
  /** Writes mine in place of theirs, or anew where theirs is gone; `annotation`: mine after a second thought. */
  | { readonly kind: 'mine'; readonly annotation?: Annotation }
  /** Changes in theirs only what was changed here. */
  | { readonly kind: 'combine' }
  /** Leaves theirs alone and stores mine beside it under this id. */
  | { readonly kind: 'both'; readonly id: string };

/** In the order of acceptance. */
export function refusalsOf(entries: readonly Entry[]): Refusal[] {
  return entries.flatMap((entry) => {
    const { rejection } = entry;
    return rejection ? [refusalOf(entry, rejection, dependents(entries, entry.seq))] : [];
  });
}

function refusalOf(entry: Entry, rejection: Rejection, followers: readonly Entry[]): Refusal {
  const kind = kindOf(entry, rejection);
  return {
    kind,
    entry,
    rejection,
    followers,
    mine: mineOf([entry, ...followers]),
    theirs: rejection.current,
  };
}

const KINDS: Readonly<Record<string, RefusalKind>> = {
  stale_version: 'conflict',
  image_deleted: 'image',
  unknown_category: 'category',
};

function kindOf({ mutation }: Entry, { code, status }: Rejection): RefusalKind {
  if (status === 404 && code === 'not_found' && mutation.kind === 'update') return 'deleted';
  return KINDS[code] ?? 'other';
}

function mineOf(line: readonly Entry[]): Annotation | null {
  return line.reduce<Annotation | null>((mine, { mutation }) => {
    switch (mutation.kind) {
      case 'create':
        return mutation.annotation;
      case 'update':
        return mutation.after ?? (mine && { ...mine, ...mutation.changes });
      case 'delete':
        return null;
    }
  }, null);
}

/** The fields of `wanted` that differ from `held`. */
export function differences(wanted: Annotation, held: Annotation): AnnotationChanges {
  const keys = Object.keys(wanted).filter((key) => key !== 'id' && key !== 'version');
  const differing = (keys as (keyof AnnotationChanges)[]).filter(
    (key) => JSON.stringify(wanted[key]) !== JSON.stringify(held[key]),
  );
  return Object.fromEntries(differing.map((key) => [key, wanted[key]]));
}

/** Everything that was changed here since the server was last asked. */
export function changesOf({ entry, followers }: Refusal): AnnotationChanges {
  const updates = [entry, ...followers].flatMap(({ mutation }) =>
    mutation.kind === 'update' ? [mutation.changes] : [],
  );
  return Object.assign({}, ...updates) as AnnotationChanges;
}

/**
 * What takes the place of a refused entry and of its followers, none of which the server has ever taken; null: nothing.
 * It keeps its place in the queue, and has a key of its own because the request may be another one.
 */
export function decided(refusal: Refusal, decision: Decision, key: string): Entry | null {
  const { entry, mine, theirs } = refusal;
  const { imageId, projectId, annotationId } = entry.mutation;
  const place = { imageId, projectId };
  const fresh = { ...entry, key, rejection: null };
  switch (decision.kind) {
    case 'retry':
      return fresh;
    case 'theirs':
      return null;
    case 'both':
      return mine && { ...fresh, baseVersion: null, mutation: creation(place, { ...mine, id: decision.id }) };
    case 'combine':
      return onTopOf(theirs, fresh, changesOf(refusal), mine);
    case 'mine': {
      const wanted = decision.annotation ?? mine;
      if (!wanted) return { ...fresh, baseVersion: versionOf(theirs, entry) };
      if (theirs) return onTopOf(theirs, fresh, differences(wanted, theirs.annotation), wanted);
      if (refusal.kind === 'deleted' || entry.mutation.kind === 'create') {
        return { ...fresh, baseVersion: null, mutation: creation(place, { ...wanted, id: annotationId }) };
      }
      const second = mine ? differences(wanted, mine) : {};
      return onTopOf(theirs, fresh, { ...changesOf(refusal), ...second }, wanted);
    }
  }
}

type Place = Pick<Entry['mutation'], 'imageId' | 'projectId'>;

function creation(place: Place, annotation: Annotation): Entry['mutation'] {
  return { ...place, kind: 'create', annotationId: annotation.id, annotation: { ...annotation, version: 0 } };
}

/** Null where there is nothing left to change. */
function onTopOf(
  theirs: ServerCopy | null,
  entry: Entry,
  changes: AnnotationChanges,
  after: Annotation | null,
): Entry | null {
  if (Object.keys(changes).length === 0) return null;
  const { imageId, projectId, annotationId } = entry.mutation;
  const mutation = { kind: 'update', imageId, projectId, annotationId, changes, after } as const;
  return { ...entry, mutation, baseVersion: versionOf(theirs, entry) };
}

const versionOf = (theirs: ServerCopy | null, { baseVersion }: Entry) =>
  theirs?.annotation.version ?? baseVersion;

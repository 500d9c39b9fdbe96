/** Entries of an older page, as this one wants them. */
import type { Annotation, AnnotationChanges, ModelProvenance } from '../editor/model';
import type { Mutation, NewEntry } from './entry';

/** An entry as version 1 of the queue has it. */
export interface EntryOfVersion1 {
  readonly key: string;
  readonly mutation: { readonly imageId: number; readonly annotationId: string } & (
    | { readonly kind: 'create'; readonly annotation: AnnotationOfVersion1 }
    | { readonly kind: 'update'; readonly changes: AnnotationChanges }
    | { readonly kind: 'delete' }
  );
  readonly baseVersion: number | null;
}

type AnnotationOfVersion1 = Pick<Annotation, 'id' | 'categoryId' | 'mask' | 'version'> & {
  readonly provenance: Omit<ModelProvenance, 'edits' | 'threshold'>;
};

/**
 * Version 2 keeps what the server holds beside a refused change. A refused change of before lacks that: it goes back to the
 * queue and is refused anew, with everything that a person needs to decide.
 */
export function toVersion2(entry: EntryOfVersion1): NewEntry {
  return { ...entry, mutation: mutationOf(entry.mutation), acceptedAt: null, rejection: null };
}

function mutationOf(mutation: EntryOfVersion1['mutation']): Mutation {
  switch (mutation.kind) {
    case 'create':
      return { ...mutation, projectId: null, annotation: withNewFields(mutation.annotation) };
    case 'update':
      return { ...mutation, projectId: null, after: null };
    case 'delete':
      return { ...mutation, projectId: null };
  }
}

function withNewFields(annotation: AnnotationOfVersion1): Annotation {
  const provenance = { edits: [], threshold: 0, ...annotation.provenance };
  return { attributes: {}, parentId: null, layer: 0, ...annotation, provenance };
}

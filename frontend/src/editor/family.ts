/** Wholes and their parts. What names a whole that is not there has none. */
import type { Patch } from './document';
import type { Annotation } from './model';

/** The ids of the annotations that are direct parts of these. */
export function partsOf(ids: readonly string[], annotations: readonly Annotation[]): string[] {
  const wholes = new Set(ids);
  return annotations.filter(({ parentId }) => parentId !== null && wholes.has(parentId)).map(({ id }) => id);
}

/** The ids of the wholes that these are direct parts of, each once. */
export function wholesOf(ids: readonly string[], byId: ReadonlyMap<string, Annotation>): string[] {
  const parents = ids.map((id) => byId.get(id)?.parentId ?? null);
  return [...new Set(parents)].filter((id): id is string => id !== null && byId.has(id));
}

/** How many wholes are above an annotation. */
export function depthOf(annotation: Annotation, byId: ReadonlyMap<string, Annotation>): number {
  const seen = new Set([annotation.id]);
  let { parentId } = annotation;
  while (parentId !== null && byId.has(parentId) && !seen.has(parentId)) {
    seen.add(parentId);
    parentId = byId.get(parentId)?.parentId ?? null;
  }
  return seen.size - 1;
}

/**
 * Deletes annotations: first the parts that stay are let go, as changes of their own, then the parts that go, then their
 * wholes. The inverse, backwards, creates a whole before anything names it.
 */
export function deletionOf(ids: readonly string[], annotations: readonly Annotation[]): Patch[] {
  const [byId, going] = [new Map(annotations.map((one) => [one.id, one])), new Set(ids)];
  const freed = partsOf(ids, annotations).filter((id) => !going.has(id));
  const depths = new Map([...going].map((id) => [id, depthIn(id, byId)]));
  const deepestFirst = [...going].sort((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0));
  return [
    ...freed.map((id): Patch => ({ kind: 'update', id, changes: { parentId: null } })),
    ...deepestFirst.map((id): Patch => ({ kind: 'delete', id })),
  ];
}

function depthIn(id: string, byId: ReadonlyMap<string, Annotation>): number {
  const annotation = byId.get(id);
  return annotation ? depthOf(annotation, byId) : 0;
}

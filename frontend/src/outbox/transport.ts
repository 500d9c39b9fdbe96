import { createAnnotation, deleteAnnotation, updateAnnotation } from '../api/annotations';
import { ApiError } from '../api/errors';
import { getImage } from '../api/images';
import type { AnnotationIn, AnnotationPatch } from '../api/types';
import type { Annotation, AnnotationChanges } from '../editor/model';
import type { Rle } from '../geometry/types';
import type { Entry } from './entry';

/**
 * Sends one entry. Resolves, after the server's 2xx, to the annotation's version, or to null where it is gone.
 * @throws ApiError, NetworkError.
 */
export type Send = (entry: Entry) => Promise<number | null>;

export const sendToServer: Send = async (entry) => {
  try {
    return await request(entry);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (entry.mutation.kind === 'delete') return null; // Somebody else was first: it is gone, as it should be.
    throw (await isImageGone(entry.mutation.imageId)) ? imageDeleted(error) : error;
  }
};

const isMissing = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.code === 'not_found';

function isImageGone(imageId: number): Promise<boolean> {
  return getImage(imageId).then(
    () => false,
    (error: unknown) => isMissing(error),
  );
}

const imageDeleted = ({ status, problem }: ApiError) =>
  new ApiError(status, { ...problem, code: 'image_deleted' });

const request: Send = async ({ mutation, key, baseVersion }) => {
  const { annotationId } = mutation;
  const version = baseVersion ?? 0;
  switch (mutation.kind) {
    case 'create':
      return (await createAnnotation(mutation.imageId, toBody(mutation.annotation), key)).version;
    case 'update':
      return (await updateAnnotation(annotationId, toPatch(mutation.changes, version), key)).version;
    case 'delete':
      await deleteAnnotation(annotationId, version, key);
      return null;
  }
};

function toSegmentation({ size: [height, width], counts }: Rle): AnnotationIn['segmentation'] {
  return { size: [height, width], counts };
}

function toBody({ id, categoryId, mask, parentId, attributes, layer, provenance }: Annotation): AnnotationIn {
  return {
    id,
    category_id: categoryId,
    segmentation: toSegmentation(mask.segmentation),
    attributes: { ...attributes },
    parent_id: parentId,
    layer,
    provenance,
  };
}

/** Only what changes: a field that is left out stays as it is on the server. */
function toPatch(changes: AnnotationChanges, version: number): AnnotationPatch {
  const { categoryId, mask, attributes, parentId, layer, provenance } = changes;
  return {
    version,
    ...(categoryId !== undefined && { category_id: categoryId }),
    ...(mask && { segmentation: toSegmentation(mask.segmentation) }),
    ...(attributes && { attributes: { ...attributes } }),
    ...(parentId !== undefined && { parent_id: parentId }),
    ...(layer !== undefined && { layer }),
    ...(provenance && { provenance }),
  };
}

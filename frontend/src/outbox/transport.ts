import { createAnnotation, deleteAnnotation, updateAnnotation } from '../api/annotations';
import type { Entry } from './entry';

/**
 * Sends one entry. Resolves, after the server's 2xx, to the annotation's version, or to null where it is gone.
 * @throws ApiError, NetworkError.
 */
export type Send = (entry: Entry) => Promise<number | null>;

export const sendToServer: Send = async ({ mutation, key, baseVersion }) => {
  const { annotationId } = mutation;
  switch (mutation.kind) {
    case 'create': {
      const { imageId, categoryId, provenance } = mutation;
      const [height, width] = mutation.segmentation.size;
      const segmentation = {
        size: [height, width] as [number, number],
        counts: mutation.segmentation.counts,
      };
      const body = { id: annotationId, category_id: categoryId, segmentation, provenance };
      return (await createAnnotation(imageId, body, key)).version;
    }
    case 'update': {
      const patch = { version: baseVersion ?? 0, category_id: mutation.categoryId };
      return (await updateAnnotation(annotationId, patch, key)).version;
    }
    case 'delete':
      await deleteAnnotation(annotationId, baseVersion ?? 0, key);
      return null;
  }
};

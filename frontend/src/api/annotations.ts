/** Annotations and the three ways to change them. Every change carries an idempotency key: a replay changes nothing. */
import { body, http } from './client';
import type { Annotation, AnnotationIn, AnnotationPatch } from './types';

export const listAnnotations = (imageId: number): Promise<Annotation[]> =>
  body(http.GET('/api/images/{image_id}/annotations', { params: { path: { image_id: imageId } } }));

const keyed = (key: string) => ({ 'idempotency-key': key });

export const createAnnotation = (
  imageId: number,
  annotation: AnnotationIn,
  key: string,
): Promise<Annotation> =>
  body(
    http.POST('/api/images/{image_id}/annotations', {
      params: { path: { image_id: imageId }, header: keyed(key) },
      body: annotation,
    }),
  );

export const updateAnnotation = (id: string, patch: AnnotationPatch, key: string): Promise<Annotation> =>
  body(
    http.PATCH('/api/annotations/{annotation_id}', {
      params: { path: { annotation_id: id }, header: keyed(key) },
      body: patch,
    }),
  );

export const deleteAnnotation = (id: string, version: number, key: string): Promise<unknown> =>
  body(
    http.DELETE('/api/annotations/{annotation_id}', {
      params: { path: { annotation_id: id }, query: { version }, header: keyed(key) },
    }),
  );

import { body, http } from './client';
import type { ImageDetail, ImagePage } from './types';

/** One page of a project's images, in the order of their ids; `after` is the last id already seen. */
export const listImages = (projectId: number, after: number | null, limit = 100): Promise<ImagePage> =>
  body(
    http.GET('/api/projects/{project_id}/images', {
      params: { path: { project_id: projectId }, query: after === null ? { limit } : { after, limit } },
    }),
  );

export const getImage = (id: number): Promise<ImageDetail> =>
  body(http.GET('/api/images/{image_id}', { params: { path: { image_id: id } } }));

export const deleteImage = (id: number): Promise<unknown> =>
  body(http.DELETE('/api/images/{image_id}', { params: { path: { image_id: id } } }));

export const pixelsUrl = (id: number): string => `/api/images/${id}/pixels`;
export const tileUrl = (id: number, { level, x, y }: { level: number; x: number; y: number }): string =>
  `/api/images/${id}/tiles/${level}/${x}/${y}`;
export const thumbnailUrl = (id: number): string => `/api/images/${id}/thumbnail`;

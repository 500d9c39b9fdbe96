import { body, http } from './client';
import type { Model, ModelEntry } from './types';

/** Every model that a project can have, with the numbers of this one. */
export const listModels = (projectId: number): Promise<ModelEntry[]> =>
  body(http.GET('/api/models', { params: { query: { project: projectId } } }));

/** @throws ApiError `model_missing` while its weights are not on the server. */
export const getModel = (projectId: number): Promise<Model> =>
  body(http.GET('/api/projects/{project_id}/model', { params: { path: { project_id: projectId } } }));

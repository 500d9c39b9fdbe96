import { body, http } from './client';
import type { AttributeDefinition, Category, Project } from './types';

export interface NewCategory {
  readonly name: string;
  readonly color: string;
  readonly attributes?: AttributeDefinition[];
}

/** What is left out stays; `attributes` take the place of all those before; `position` counts from 0. */
export interface CategoryChanges extends Partial<NewCategory> {
  readonly position?: number;
}

export const listProjects = (): Promise<Project[]> => body(http.GET('/api/projects'));

export const getProject = (id: number): Promise<Project> =>
  body(http.GET('/api/projects/{project_id}', { params: { path: { project_id: id } } }));

export const createProject = (name: string, categories: readonly NewCategory[]): Promise<Project> =>
  body(http.POST('/api/projects', { body: { name, categories: [...categories] } }));

/** What is left out stays. A `model` that is not on the server yet is fetched first. */
export const changeProject = (
  id: number,
  changes: { readonly name?: string; readonly model?: string },
): Promise<Project> =>
  body(http.PATCH('/api/projects/{project_id}', { params: { path: { project_id: id } }, body: changes }));

export const deleteProject = (id: number): Promise<unknown> =>
  body(http.DELETE('/api/projects/{project_id}', { params: { path: { project_id: id } } }));

export const addCategory = (projectId: number, category: NewCategory): Promise<Category> =>
  body(
    http.POST('/api/projects/{project_id}/categories', {
      params: { path: { project_id: projectId } },
      body: category,
    }),
  );

export const editCategory = (id: number, changes: CategoryChanges): Promise<Category> =>
  body(http.PATCH('/api/categories/{category_id}', { params: { path: { category_id: id } }, body: changes }));

export const deleteCategory = (id: number): Promise<unknown> =>
  body(http.DELETE('/api/categories/{category_id}', { params: { path: { category_id: id } } }));

export type ExportForm = 'rle' | 'polygon';

/** The address of the COCO file; the browser downloads it as an attachment. */
export const exportUrl = (projectId: number, form: ExportForm): string =>
  `/api/projects/${projectId}/export/coco?segmentation=${form}`;

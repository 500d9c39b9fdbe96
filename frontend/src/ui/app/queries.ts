/** What the page reads from the server, by name; TanStack Query caches by these keys. */
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';

import { ApiError } from '../../api/errors';
import { getImage, listImages } from '../../api/images';
import { getModel, listModels } from '../../api/models';
import { getProject, listProjects } from '../../api/projects';

const RETRIES = 2;

/** A refusal stays a refusal; only silence and server errors are worth another try. Weights do not come by themselves. */
function worthRetrying(failures: number, error: Error): boolean {
  const isRefusal = error instanceof ApiError && (error.status < 500 || error.code === 'model_missing');
  return failures < RETRIES && !isRefusal;
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    // `always`: a server on this machine answers without any network.
    defaultOptions: {
      queries: { retry: worthRetrying, networkMode: 'always', refetchOnWindowFocus: false },
      mutations: { networkMode: 'always' },
    },
  });
}

export const projectsQuery = queryOptions({ queryKey: ['projects'], queryFn: listProjects });

export const projectQuery = (id: number) =>
  queryOptions({ queryKey: ['project', id], queryFn: () => getProject(id) });

export const imagesQuery = (projectId: number) =>
  infiniteQueryOptions({
    queryKey: ['images', projectId],
    queryFn: ({ pageParam }) => listImages(projectId, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_after,
    // However long an annotator stays on an image: the grid comes back with all the pages that it had.
    gcTime: Infinity,
  });

export const imageQuery = (id: number) =>
  queryOptions({ queryKey: ['image', id], queryFn: () => getImage(id) });

/** An event tells when it changes: see useLiveProject. */
export const modelQuery = (projectId: number) =>
  queryOptions({ queryKey: ['model', projectId], queryFn: () => getModel(projectId), staleTime: Infinity });

/** Every model that the project can have. */
export const modelsQuery = (projectId: number) =>
  queryOptions({ queryKey: ['models', projectId], queryFn: () => listModels(projectId) });

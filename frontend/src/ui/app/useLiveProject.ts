import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { followProject } from '../../api/events';
import type { ModelEntry } from '../../api/types';
import { applyEvent } from '../project/imageCache';
import { imagesQuery, modelQuery, modelsQuery, projectQuery } from './queries';

/** Counts are read again at most this often while news pours in. */
const COUNTS_EVERY_MS = 1000;

/** Keeps what the page shows of the project up to date: its images, its model, and models on their way. */
export function useLiveProject(projectId: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readCounts = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries(projectQuery(projectId));
      }, COUNTS_EVERY_MS);
    };
    const readAll = () => void readAgain(queries, projectId);
    const stop = followProject(projectId, {
      onImage: (event) => {
        applyEvent(queries, projectId, event);
        readCounts();
      },
      onProject: readAll,
      onModel: (entry) => applyModel(queries, projectId, entry),
      onGap: readAll,
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries, projectId]);
}

/** Another model means other states of all images. */
function readAgain(queries: QueryClient, projectId: number): Promise<unknown> {
  const stale = [
    projectQuery(projectId),
    modelQuery(projectId),
    modelsQuery(projectId),
    imagesQuery(projectId),
  ];
  return Promise.all(stale.map(({ queryKey }) => queries.invalidateQueries({ queryKey })));
}

/** The event has no numbers: those that were read stay. One that has just come is read with its own. */
function applyModel(queries: QueryClient, projectId: number, entry: ModelEntry): void {
  const { queryKey } = modelsQuery(projectId);
  queries.setQueryData(queryKey, (entries) =>
    entries?.map((known) => {
      const { seconds_per_image, prepared_count } = known;
      return known.name === entry.name ? { ...entry, seconds_per_image, prepared_count } : known;
    }),
  );
  if (entry.state === 'ready') void queries.invalidateQueries({ queryKey });
}

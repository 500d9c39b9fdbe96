import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { followImages } from '../../api/events';
import { imagesQuery, projectQuery } from '../app/queries';
import { applyEvent } from './imageCache';

/** Counts are read again at most this often while news pours in. */
const COUNTS_EVERY_MS = 1000;

/** Keeps the project's images up to date for as long as the page shows them. */
export function useLiveImages(projectId: number): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readCounts = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries(projectQuery(projectId));
      }, COUNTS_EVERY_MS);
    };
    const stop = followImages(
      projectId,
      (event) => {
        applyEvent(queries, projectId, event);
        readCounts();
      },
      () => void queries.invalidateQueries(imagesQuery(projectId)),
    );
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries, projectId]);
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { ImageDetail, Model, Project } from '../../api/types';
import { imageQuery, modelQuery, projectQuery } from '../app/queries';
import { useServices } from '../app/services';
import { useLiveProject } from '../app/useLiveProject';
import type { Sheet } from './desk';
import { prefetchNeighbours } from './neighbours';

export interface OpenedSheet {
  /** The sheet of this image; null while it is being read. */
  readonly sheet: Sheet | null;
  readonly image: ImageDetail | undefined;
  readonly project: Project | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** Reads what an image needs, puts its sheet on the desk and points the model at it. */
export function useSheet(projectId: number, imageId: number): OpenedSheet {
  const project = useQuery(projectQuery(projectId));
  const model = useQuery(modelQuery(projectId));
  const image = useQuery(imageQuery(imageId));
  const opening = useOpening(image.data, project.data, model.data);
  useLiveProject(projectId);
  useLiveModel(projectId, model.data);
  usePrefetch(opening.sheet, image.data, model.data);
  useLiveCategories(opening.sheet, project.data);
  const error = [project, model, image].find((query) => query.error && !query.data)?.error ?? opening.error;
  const retry = () => {
    for (const query of [project, model, image]) if (query.error) void query.refetch();
    opening.retry();
  };
  return { sheet: opening.sheet, image: image.data, project: project.data, error, retry };
}

interface Opening {
  readonly imageId: number;
  readonly sheet: Sheet | null;
  readonly error: Error | null;
}

function useOpening(image: ImageDetail | undefined, project: Project | undefined, model: Model | undefined) {
  const { desk } = useServices();
  const [opening, setOpening] = useState<Opening | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isReady = image !== undefined && project !== undefined && model !== undefined;

  useEffect(() => {
    if (!isReady) return;
    let current = true;
    const show = (sheet: Sheet) => {
      if (!current) return;
      setOpening({ imageId: image.id, sheet, error: null });
      void desk.activate(sheet);
    };
    const fail = (error: Error) => {
      if (current) setOpening({ imageId: image.id, sheet: null, error });
    };
    desk.open(image, { model, categories: project.categories }).then(show, fail);
    return () => {
      current = false;
    };
    // A sheet is opened once for an image: later news of image and project reach it by other ways.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [desk, isReady, image?.id, attempt]);

  const own = opening?.imageId === image?.id ? opening : null;
  return { sheet: own?.sheet ?? null, error: own?.error ?? null, retry: () => setAttempt(attempt + 1) };
}

/** What the next images need is fetched once the one at hand is open, and anew for another model. */
function usePrefetch(sheet: Sheet | null, image: ImageDetail | undefined, model: Model | undefined): void {
  const { desk, inference, photos } = useServices();
  const queries = useQueryClient();
  useEffect(() => {
    if (sheet && image && model) void prefetchNeighbours(image, { queries, desk, inference, photos, model });
    // News of the image itself changes nothing about its neighbours' embeddings.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sheet, model, queries, desk, inference, photos]);
}

/** Another model of the project reaches the images at hand. */
function useLiveModel(projectId: number, model: Model | undefined): void {
  const { desk } = useServices();
  useEffect(() => {
    if (model) desk.useModel(projectId, model);
  }, [desk, projectId, model]);
}

/** A category added or renamed in another tab shows here too. */
function useLiveCategories(sheet: Sheet | null, project: Project | undefined): void {
  useEffect(() => {
    if (sheet && project) sheet.editor.setCategories(project.categories);
  }, [sheet, project]);
}

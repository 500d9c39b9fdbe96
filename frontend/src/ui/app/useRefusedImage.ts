import { useQuery } from '@tanstack/react-query';

import type { Category, ImageDetail } from '../../api/types';
import type { Refusal } from '../../outbox/refusals';
import { imageQuery, projectQuery } from './queries';

interface RefusedImage {
  readonly image: ImageDetail | undefined;
  /** Of the image's project; empty while they are read. */
  readonly categories: readonly Category[];
}

/** Where a refused change belongs. */
export function useRefusedImage({ entry }: Refusal): RefusedImage {
  const { imageId, projectId } = entry.mutation;
  const { data: image } = useQuery(imageQuery(imageId));
  const id = projectId ?? image?.project_id;
  const { data: project } = useQuery({ ...projectQuery(id ?? 0), enabled: id !== undefined });
  return { image, categories: project?.categories ?? [] };
}

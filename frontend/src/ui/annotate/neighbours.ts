import type { QueryClient } from '@tanstack/react-query';

import type { ImageDetail, Model } from '../../api/types';
import type { InferenceClient } from '../../inference/client';
import { imageQuery } from '../app/queries';
import { embeddingUrl, type Desk } from './desk';
import type { Photos } from './photos';

interface Tools {
  readonly queries: QueryClient;
  readonly desk: Desk;
  readonly inference: InferenceClient;
  readonly photos: Photos;
  readonly model: Model;
}

/** Images read ahead, in the order of the project. */
const AHEAD = 2;
/** What an image says of itself hardly changes. */
const FRESH_MS = 60_000;

/** Fetches what the next images need, so that going on does not wait. */
export async function prefetchNeighbours(image: ImageDetail, tools: Tools): Promise<void> {
  const next = await nextImages(image, tools.queries);
  tools.inference.prefetch(next.map(({ id }) => embeddingUrl(id, tools.model)));
  for (const neighbour of next) {
    tools.photos.ahead(neighbour);
    void tools.desk.prefetch(neighbour.id);
  }
}

/** As far as they can be read: whoever opens one that cannot is told why. */
async function nextImages(image: ImageDetail, queries: QueryClient): Promise<ImageDetail[]> {
  const next: ImageDetail[] = [];
  for (let id = image.next_id; id !== null && next.length < AHEAD;) {
    const found = await queries.query({ ...imageQuery(id), staleTime: FRESH_MS }).catch(() => null);
    if (found) next.push(found);
    id = found?.next_id ?? null;
  }
  return next;
}

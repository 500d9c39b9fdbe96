import { useQuery } from '@tanstack/react-query';

import { pixelsUrl } from '../../api/images';
import type { Xywh } from '../../geometry/box';

/** A part of an image's photo, from the browser's cache where it has been on the screen. */
export function usePhotoPart(imageId: number, part: Xywh) {
  return useQuery({
    queryKey: ['photo part', imageId, ...part],
    queryFn: ({ signal }) => loadPart(imageId, part, signal),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
}

async function loadPart(imageId: number, part: Xywh, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(pixelsUrl(imageId), { signal });
  if (!response.ok) throw new Error(`The photo of image ${imageId} did not come: ${response.status}.`);
  return createImageBitmap(await response.blob(), ...part);
}

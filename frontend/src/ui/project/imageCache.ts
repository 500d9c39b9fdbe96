/** Edits to the cached pages of a project's images, so that news shows without reading the list again. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';

import type { ImageEvent } from '../../api/events';
import type { Image, ImagePage } from '../../api/types';
import { imagesQuery } from '../app/queries';

type Pages = InfiniteData<ImagePage>;

function edit(queries: QueryClient, projectId: number, change: (pages: Pages) => Pages): void {
  queries.setQueryData(imagesQuery(projectId).queryKey, (pages) => pages && change(pages));
}

const mapItems = (pages: Pages, change: (items: readonly Image[]) => Image[]): Pages => ({
  ...pages,
  pages: pages.pages.map((page) => ({ ...page, items: change(page.items) })),
});

export function applyEvent(queries: QueryClient, projectId: number, event: ImageEvent): void {
  const { image_id, embedding, annotation_count } = event;
  const change = (image: Image) =>
    image.id === image_id ? { ...image, embedding, annotation_count } : image;
  edit(queries, projectId, (pages) => mapItems(pages, (items) => items.map(change)));
}

/** A new image has the highest id: it belongs at the end, where the end is loaded. */
export function addImage(queries: QueryClient, image: Image): void {
  edit(queries, image.project_id, (pages) => ({ ...pages, pages: pages.pages.map(withImage(image)) }));
}

const withImage =
  (image: Image) =>
  (page: ImagePage): ImagePage => {
    const known = page.items.some(({ id }) => id === image.id);
    const total = page.total + 1;
    if (known) return page;
    if (page.next_after !== null) return { ...page, total };
    return { ...page, total, items: [...page.items, image].sort((a, b) => a.id - b.id) };
  };

export function removeImage(queries: QueryClient, projectId: number, imageId: number): void {
  edit(queries, projectId, (pages) => mapItems(pages, (items) => items.filter(({ id }) => id !== imageId)));
}

/** Refusals one after the other, as they are decided: those of a deleted image all at once. */
import type { Refusal } from '../../outbox/refusals';

export type RefusalItem =
  | { readonly kind: 'image'; readonly imageId: number; readonly count: number }
  | { readonly kind: 'one'; readonly refusal: Refusal };

export function itemsOf(refusals: readonly Refusal[]): readonly RefusalItem[] {
  const ofImages = refusals.filter(({ kind }) => kind === 'image');
  const images = [...new Set(ofImages.map(({ entry }) => entry.mutation.imageId))];
  const others = refusals.filter(({ kind }) => kind !== 'image');
  return [
    ...images.map((imageId): RefusalItem => {
      const own = ofImages.filter(({ entry }) => entry.mutation.imageId === imageId);
      return { kind: 'image', imageId, count: changesIn(own) };
    }),
    ...others.map((refusal): RefusalItem => ({ kind: 'one', refusal })),
  ];
}

const changesIn = (refusals: readonly Refusal[]) =>
  refusals.reduce((count, { followers }) => count + 1 + followers.length, 0);

export const keyOf = (item: RefusalItem): string =>
  item.kind === 'image' ? `image ${item.imageId}` : `entry ${item.refusal.entry.seq}`;

/** Where an annotation's refusal is in the list; 0 where it is not. */
export function placeOf(items: readonly RefusalItem[], annotationId: string | null): number {
  const isOfIt = (item: RefusalItem) =>
    item.kind === 'one' && item.refusal.entry.mutation.annotationId === annotationId;
  return Math.max(0, items.findIndex(isOfIt));
}

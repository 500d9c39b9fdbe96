/** What is done to accepted masks as wholes: split, merged, copied, laid above each other. */
import type { Message } from '../i18n/message';
import type { Core } from './core';
import { layerAfter, type LayerMove } from './layers';
import type { Annotation } from './model';
import type { Objects } from './objects';
import { copyOf, maskOnImage, merged, splitInParts } from './pieces';
import type { Placing } from './placing';

const ONE_PART: Message = { key: 'editor:onePart' };
const CUT_AWAY: Message = { key: 'editor:copyCutAway' };

export class Arranging {
  constructor(
    private readonly core: Core,
    private readonly objects: Objects,
    private readonly placing: Placing,
  ) {}

  /** Every part of the selected masks becomes an annotation; the largest keeps its id. */
  split(): void {
    const { imageSize, newId } = this.core;
    const pieces = this.objects.editable.flatMap((one) => splitInParts(one, imageSize, newId));
    this.core.act(() => {
      if (pieces.length === 0) this.core.refuse(ONE_PART);
      else this.placeSelected(pieces);
    });
  }

  /** The annotation that was selected first takes the pixels and the parts of the others. */
  merge(): void {
    const [first, ...others] = this.objects.editable;
    if (!first || others.length === 0) return;
    const { document, imageSize } = this.core;
    const [union, ...children] = merged(first, others, document.annotations, imageSize);
    const removed = others.map(({ id }) => id);
    this.core.act(() => {
      if (union && this.placing.commit([union, ...children], removed)) this.objects.select([first.id]);
    });
  }

  /** Copies in the same place, selected. */
  duplicate(): void {
    const { document, newId } = this.core;
    const originals = this.objects.selection.flatMap((id) => document.find(id) ?? []);
    this.placeSelected(originals.map((original) => copyOf(original, newId())));
  }

  /** Masks of another image, as far as they lie in this one. Returns how many came. */
  paste(originals: readonly Annotation[]): number {
    const { imageSize, newId } = this.core;
    const copies = originals
      .map((original) => copyOf(original, newId(), maskOnImage(original.mask, imageSize)))
      .filter(({ mask }) => mask.area > 0)
      .map((copy): Annotation => ({ ...copy, parentId: null }));
    if (copies.length > 0) return this.placeSelected(copies) ? copies.length : 0;
    this.core.act(() => this.core.refuse(CUT_AWAY));
    return 0;
  }

  moveLayer(move: LayerMove): void {
    const { editable } = this.objects;
    const others = this.core.document.annotations.filter((annotation) => !editable.includes(annotation));
    const layers = others.map(({ layer }) => layer);
    this.core.commit(
      editable.map(({ id, layer }) => ({
        kind: 'update',
        id,
        changes: { layer: layerAfter(move, layer, layers) },
      })),
    );
  }

  private placeSelected(annotations: readonly Annotation[]): boolean {
    let isPlaced = false;
    this.core.act(() => {
      isPlaced = annotations.length > 0 && this.placing.commit(annotations);
      if (isPlaced) this.objects.select(annotations.map(({ id }) => id));
    });
    return isPlaced;
  }
}

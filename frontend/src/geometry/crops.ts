/** Parts of an image, in whole pixels. */
import type { Xywh } from './box';
import type { Size } from './types';

export function wholeCrop({ width, height }: Size): Xywh {
  return [0, 0, width, height];
}

export function sizeOfCrop([, , width, height]: Xywh): Size {
  return { width, height };
}

export function isSameCrop(a: Xywh, b: Xywh): boolean {
  return a.every((side, i) => side === b[i]);
}

/** One annotation out of several, several out of one, and copies: what becomes of masks and of what is known of them. */
import type { FullMask } from '../geometry/decoding';
import { parts } from '../geometry/components';
import { fullMaskOf, runsOf } from '../geometry/fullMask';
import { placeRuns } from '../geometry/region';
import { combine } from '../geometry/runs';
import type { Size } from '../geometry/types';
import type { Annotation } from './model';
import { secondsOf, withEdit, withSeconds } from './provenance';

/** The connected parts of a mask, each an annotation; the largest remains the one that it was. */
export function splitInParts(annotation: Annotation, size: Size, newId: () => string): Annotation[] {
  const pieces = parts(runsOf(annotation.mask), size);
  if (pieces.length < 2) return [];
  return pieces.map((runs, i) => {
    const mask = fullMaskOf(runs, size);
    const pixels = annotation.mask.area - mask.area;
    const provenance = withEdit(annotation.provenance, { kind: 'split', pixels });
    return i === 0
      ? { ...annotation, mask, provenance }
      : { ...annotation, id: newId(), version: 0, mask, provenance };
  });
}

/**
 * The first annotation with the pixels of all, and those that were parts of the others as parts of it. The time spent on
 * the others was spent on it.
 */
export function merged(
  first: Annotation,
  others: readonly Annotation[],
  all: readonly Annotation[],
  size: Size,
): Annotation[] {
  const gone = new Set(others.map(({ id }) => id));
  const isOrphan = ({ id, parentId }: Annotation) =>
    id !== first.id && !gone.has(id) && parentId !== null && gone.has(parentId);
  const children = all.filter(isOrphan).map((child) => ({ ...child, parentId: first.id }));
  return [{ ...union(first, others, size), parentId: wholeOf(first, gone, all) }, ...children];
}

function union(first: Annotation, others: readonly Annotation[], size: Size): Annotation {
  const runs = others.reduce((sum, { mask }) => combine(sum, runsOf(mask), 'union'), runsOf(first.mask));
  const mask = fullMaskOf(runs, size);
  const seconds = others.reduce((sum, { provenance }) => sum + secondsOf(provenance), 0);
  const pixels = mask.area - first.mask.area;
  const provenance = withEdit(withSeconds(first.provenance, seconds), { kind: 'merge', pixels });
  return { ...first, mask, provenance };
}

/** The nearest whole that stays and is not a part of the annotation itself. */
function wholeOf(
  annotation: Annotation,
  gone: ReadonlySet<string>,
  all: readonly Annotation[],
): string | null {
  let { parentId } = annotation;
  for (let left = all.length; parentId !== null && gone.has(parentId) && left > 0; left -= 1) {
    parentId = all.find(({ id }) => id === parentId)?.parentId ?? null;
  }
  return parentId !== null && (gone.has(parentId) || parentId === annotation.id) ? null : parentId;
}

/** A copy under another id. */
export function copyOf(annotation: Annotation, id: string, mask: FullMask = annotation.mask): Annotation {
  const pixels = annotation.mask.area - mask.area;
  const provenance = withEdit(annotation.provenance, { kind: 'copy', pixels });
  return { ...annotation, id, mask, provenance, version: 0 };
}

/** The same pixels in an image of another size, from the same corner: what lies beyond is cut off. */
export function maskOnImage(mask: FullMask, to: Size): FullMask {
  const [height, width] = mask.segmentation.size;
  if (width === to.width && height === to.height) return mask;
  return fullMaskOf(placeRuns(runsOf(mask), [0, 0, width, height], to), to);
}

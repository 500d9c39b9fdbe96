/** The editor's snapshot as a scene. */
import { colorOf } from '../editor/color';
import type { Annotation, Category, EditorSnapshot } from '../editor/model';
import type { MaskLogits } from '../geometry/decoding';
import type { Scene, SceneCandidate, SceneMask } from './scene';

export type SceneFrame = Pick<Scene, 'imageSize' | 'view'> & Partial<Pick<Scene, 'crosshair'>>;

/** Cheap: masks are built anew only when annotations or categories changed, and keep their identity otherwise. */
export function sceneOf(snapshot: EditorSnapshot, { imageSize, view, crosshair = null }: SceneFrame): Scene {
  return {
    imageSize,
    view,
    masks: masksOf(snapshot.annotations, snapshot.categories),
    hoveredId: snapshot.hoveredId,
    selectedId: snapshot.selectedId,
    candidates: candidatesOf(snapshot),
    marks: snapshot.making?.prompts ?? [],
    dragBox: snapshot.tool.dragBox,
    crosshair,
  };
}

/** Keyed by the two arrays that masks are made of. */
const cache = new WeakMap<readonly Annotation[], { categories: readonly Category[]; masks: SceneMask[] }>();

function masksOf(annotations: readonly Annotation[], categories: readonly Category[]): readonly SceneMask[] {
  const known = cache.get(annotations);
  if (known?.categories === categories) return known.masks;
  const masks = annotations.map((annotation) => {
    const { segmentation, bbox, area } = annotation.mask;
    return { id: annotation.id, segmentation, bbox, area, color: colorOf(annotation, categories) };
  });
  cache.set(annotations, { categories, masks });
  return masks;
}

function candidatesOf({
  accepting,
  making,
  preview,
  categories,
  categoryId,
}: EditorSnapshot): SceneCandidate[] {
  const color = colorOf({ id: null, categoryId }, categories);
  const candidates: SceneCandidate[] = accepting.flatMap(({ shown, ...mask }) =>
    shown ? [{ ...logitsOf(shown), color: colorOf(mask, categories), preview: false }] : [],
  );
  if (making?.shown) candidates.push({ ...logitsOf(making.shown), color, preview: false });
  else if (preview) candidates.push({ ...logitsOf(preview.candidate), color, preview: true });
  return candidates;
}

const logitsOf = ({ logits, inputSide }: MaskLogits): MaskLogits => ({ logits, inputSide });

/** The editor's snapshot as a scene. */
import { colorOf } from '../editor/color';
import type { Annotation, Category, EditorSnapshot } from '../editor/model';
import type { MaskLogits } from '../geometry/decoding';
import { PLAIN_SCENE, type Scene, type SceneCandidate, type SceneMask } from './scene';

/** What the page adds to the snapshot: where the image lies, and how a person wants things shown. */
export type SceneFrame = Pick<Scene, 'imageSize' | 'view'> &
  Partial<Pick<Scene, 'adjustments' | 'hiddenIds' | 'maskOpacity' | 'outlineOnly' | 'crosshair' | 'cursor'>>;

/** Cheap: masks are built anew only when annotations or categories changed, and keep their identity otherwise. */
export function sceneOf(snapshot: EditorSnapshot, frame: SceneFrame): Scene {
  return {
    ...PLAIN_SCENE,
    ...frame,
    masks: masksOf(snapshot.annotations, snapshot.categories),
    hoveredId: snapshot.hoveredId,
    selection: snapshot.selectedId === null ? [] : [snapshot.selectedId],
    candidates: candidatesOf(snapshot),
    marks: snapshot.making?.prompts ?? [],
    dragBox: snapshot.tool.dragBox,
  };
}

/** Keyed by the two arrays that masks are made of. */
const cache = new WeakMap<readonly Annotation[], { categories: readonly Category[]; masks: SceneMask[] }>();

function masksOf(annotations: readonly Annotation[], categories: readonly Category[]): readonly SceneMask[] {
  const known = cache.get(annotations);
  if (known?.categories === categories) return known.masks;
  const masks = annotations.map((annotation) => {
    const { segmentation, bbox, area } = annotation.mask;
    return { id: annotation.id, segmentation, bbox, area, color: colorOf(annotation, categories), layer: 0 };
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

const logitsOf = ({ logits, inputSide, crop }: MaskLogits): MaskLogits => ({ logits, inputSide, crop });

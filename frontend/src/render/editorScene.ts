/** The editor's snapshot as a scene. */
import type { Annotation, Category, EditorSnapshot } from '../editor/model';
import type { Scene, SceneCandidate, SceneMask } from './scene';

/** What has no category yet. */
const UNCATEGORISED = '#e8eaed';

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
  const masks = annotations.map(({ id, categoryId, mask }) => {
    const { segmentation, bbox, area } = mask;
    return { id, segmentation, bbox, area, color: colorOf(categoryId, categories) };
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
  const color = colorOf(categoryId, categories);
  const candidates: SceneCandidate[] = accepting.flatMap(({ shown, categoryId: own }) =>
    shown ? [{ logits: shown.logits, color: colorOf(own, categories), preview: false }] : [],
  );
  if (making?.shown) candidates.push({ logits: making.shown.logits, color, preview: false });
  else if (preview) candidates.push({ logits: preview.candidate.logits, color, preview: true });
  return candidates;
}

function colorOf(categoryId: number | null, categories: readonly Category[]): string {
  return categories.find(({ id }) => id === categoryId)?.color ?? UNCATEGORISED;
}

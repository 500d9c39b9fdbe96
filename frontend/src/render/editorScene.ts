/** The editor's snapshot as a scene. */
import { colorOf } from '../editor/color';
import type { Annotation, Category, EditorSnapshot, MakingMask } from '../editor/model';
import type { MaskLogits } from '../geometry/decoding';
import { PLAIN_SCENE, type Scene, type SceneMask } from './scene';

/** What the page adds to the snapshot: where the image lies, and how a person wants things shown. */
export type SceneFrame = Pick<Scene, 'imageSize' | 'view'> &
  Partial<Pick<Scene, 'adjustments' | 'maskOpacity' | 'outlineOnly' | 'crosshair' | 'cursor'>>;

type SceneCandidate = Scene['candidates'][number];

/** Cheap: masks keep their identity while they look the same. */
export function sceneOf(snapshot: EditorSnapshot, frame: SceneFrame): Scene {
  const { hoveredId, selection, making, tool } = snapshot;
  return {
    ...PLAIN_SCENE,
    ...frame,
    ...{ hoveredId, selection },
    masks: masksOf(snapshot),
    hiddenIds: hiddenIdsOf(snapshot),
    candidates: candidatesOf(snapshot),
    marks: making?.prompts ?? [],
    dragBox: tool.draft?.kind === 'box' ? tool.draft.box : null,
  };
}

type MaskSources = Pick<EditorSnapshot, 'annotations' | 'categories' | 'locked'>;

/** The masks of the last snapshot, of each list of annotations. */
const lists = new WeakMap<readonly Annotation[], MaskSources & { masks: readonly SceneMask[] }>();
/** Keyed by the stored mask, which outlives versions and attributes. */
const known = new WeakMap<Annotation['mask'], SceneMask>();

function masksOf({ annotations, categories, locked }: MaskSources): readonly SceneMask[] {
  const last = lists.get(annotations);
  if (last?.categories === categories && last.locked === locked) return last.masks;
  const masks = annotations.map((annotation) => maskOf(annotation, categories, locked));
  lists.set(annotations, { annotations, categories, locked, masks });
  return masks;
}

function maskOf(
  annotation: Annotation,
  categories: readonly Category[],
  locked: ReadonlySet<string>,
): SceneMask {
  const { id, layer, mask } = annotation;
  const [color, isLocked] = [colorOf(annotation, categories), locked.has(id)];
  const last = known.get(mask);
  const isSame =
    last?.id === id && last.layer === layer && last.color === color && last.isLocked === isLocked;
  if (isSame) return last;
  const { segmentation, bbox, area } = mask;
  const drawn: SceneMask = { id, segmentation, bbox, area, color, layer, isLocked };
  known.set(mask, drawn);
  return drawn;
}

/** Keyed by the hidden ids: with the mask that is being refined, which is drawn as the mask in the making instead. */
const withRefined = new WeakMap<ReadonlySet<string>, { refined: string; ids: ReadonlySet<string> }>();

function hiddenIdsOf({ hidden, making }: EditorSnapshot): ReadonlySet<string> {
  const refined = making?.refines ?? null;
  if (refined === null || hidden.has(refined)) return hidden;
  const last = withRefined.get(hidden);
  if (last?.refined === refined) return last.ids;
  const ids = new Set([...hidden, refined]);
  withRefined.set(hidden, { refined, ids });
  return ids;
}

function candidatesOf({
  accepting,
  making,
  preview,
  categories,
  categoryId,
}: EditorSnapshot): SceneCandidate[] {
  const color = colorOf({ id: null, categoryId }, categories);
  const candidates = accepting.flatMap(({ shown, ...mask }) =>
    shown ? [candidateOf(shown, colorOf(mask, categories), false)] : [],
  );
  if (making?.shown) candidates.push(candidateOf(making.shown, color, false));
  else if (preview)
    candidates.push(candidateOf({ kind: 'logits', candidate: preview.candidate }, color, true));
  return candidates;
}

function candidateOf(mask: MakingMask, color: string, preview: boolean): SceneCandidate {
  if (mask.kind === 'logits') return { ...logitsOf(mask.candidate), color, preview };
  const { segmentation, bbox } = mask.mask;
  return { segmentation, bbox, color, preview };
}

const logitsOf = ({ logits, inputSide, crop }: MaskLogits): MaskLogits => ({ logits, inputSide, crop });

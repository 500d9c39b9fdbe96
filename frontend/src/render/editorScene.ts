/** The editor's snapshot as a scene. */
import { colorOf } from '../editor/color';
import type { Annotation, Category, EditorSnapshot, MakingMask, ToolDraft } from '../editor/model';
import type { MaskLogits } from '../geometry/decoding';
import type { Point } from '../geometry/types';
import { PLAIN_SCENE, type Scene, type SceneDraft, type SceneMask, type SceneShape } from './scene';

/** What the page adds to the snapshot: where the image lies, and how a person wants things shown. */
export type SceneFrame = Pick<Scene, 'imageSize' | 'view'> &
  Partial<Pick<Scene, 'adjustments' | 'maskOpacity' | 'outlineOnly' | 'crosshair'>> & {
    /** Image pixel under the pointer: where the tool's round tip shows. */
    readonly pointer?: Point | null;
  };

type SceneCandidate = Scene['candidates'][number];

/** Cheap. What looks the same keeps its identity, so that nothing is drawn where nothing changed. */
export function sceneOf(snapshot: EditorSnapshot, { pointer = null, ...frame }: SceneFrame): Scene {
  const { hoveredId, selection, making, tool } = snapshot;
  const change = changeOf(snapshot);
  const isReplaced = change !== null && !beginsAnew(change);
  return {
    ...PLAIN_SCENE,
    ...frame,
    ...{ hoveredId, selection },
    masks: masksOf(snapshot),
    hiddenIds: hiddenIdsOf(snapshot, isReplaced),
    candidates: candidatesOf(snapshot, isReplaced),
    draft: change && draftOf(snapshot, change),
    marks: making?.prompts ?? PLAIN_SCENE.marks,
    dragBox: tool.draft?.kind === 'box' ? tool.draft.box : null,
    cursor: pointer && tool.tipRadius !== null ? { ...pointer, radius: tool.tipRadius } : null,
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

/** Keyed by the hidden ids: with the one mask that is drawn as another one instead. */
const withReplaced = new WeakMap<ReadonlySet<string>, { id: string; ids: ReadonlySet<string> }>();

/** A mask that is being refined or changed by hand is drawn as the mask in the making, or the draft. */
function hiddenIdsOf({ hidden, making, editedId }: EditorSnapshot, isReplaced: boolean): ReadonlySet<string> {
  const id = making ? making.refines : isReplaced ? editedId : null;
  if (id === null || hidden.has(id)) return hidden;
  const last = withReplaced.get(hidden);
  if (last?.id === id) return last.ids;
  const ids = new Set([...hidden, id]);
  withReplaced.set(hidden, { id, ids });
  return ids;
}

type HandChange = Exclude<ToolDraft, { kind: 'box' }>;

/** The gesture under way, or an edit that waits for the model. */
function changeOf({ tool, making }: EditorSnapshot): HandChange | null {
  const change = tool.draft && tool.draft.kind !== 'box' ? tool.draft : making?.draft;
  return change && change.kind !== 'box' ? change : null;
}

const beginsAnew = (change: HandChange): boolean => change.kind === 'rings' && change.operation === 'new';

function draftOf(snapshot: EditorSnapshot, change: HandChange): SceneDraft {
  const { making, annotations, editedId, categories, categoryId } = snapshot;
  const isNew = beginsAnew(change);
  const edited = making || isNew ? undefined : annotations.find(({ id }) => id === editedId);
  const mask = making?.shown ? shapeOf(making.shown) : (edited?.mask ?? null);
  const color = colorOf(edited ?? { id: null, categoryId }, categories);
  if (change.kind === 'stroke') return { base: mask, stroke: change, rings: null, color };
  const { operation } = change;
  if (operation !== 'new' && operation !== 'replace') {
    return { base: mask, stroke: null, rings: { ...change, operation }, color };
  }
  return { base: null, stroke: null, rings: { ...change, operation: 'add' }, color };
}

/** The mask in the making is left out where its draft is drawn instead. */
function candidatesOf(snapshot: EditorSnapshot, isReplaced: boolean): readonly SceneCandidate[] {
  const { accepting, making, alongside, preview, categories, categoryId } = snapshot;
  const color = colorOf({ id: null, categoryId }, categories);
  const candidates = accepting.flatMap(({ shown, ...mask }) =>
    shown ? [candidateOf(shown, colorOf(mask, categories), false)] : [],
  );
  candidates.push(...alongside.map((shown) => candidateOf(shown, color, true)));
  if (isReplaced) return candidates;
  if (making?.shown) candidates.push(candidateOf(making.shown, color, false));
  else if (preview)
    candidates.push(candidateOf({ kind: 'logits', candidate: preview.candidate }, color, true));
  return candidates.length > 0 ? candidates : PLAIN_SCENE.candidates;
}

function candidateOf(mask: MakingMask, color: string, preview: boolean): SceneCandidate {
  return { ...shapeOf(mask), color, preview };
}

function shapeOf(mask: MakingMask): MaskLogits | SceneShape {
  if (mask.kind === 'full') return { segmentation: mask.mask.segmentation, bbox: mask.mask.bbox };
  const { logits, inputSide, crop } = mask.candidate;
  return { logits, inputSide, crop };
}

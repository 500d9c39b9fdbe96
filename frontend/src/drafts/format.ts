/** Reading drafts: whatever is in the store was written by an older page, or by a broken one, until it is shown otherwise. */
import type { Patch } from '../editor/document';
import type { EditorDraft, HistoryDraft, MakingDraft, StepDraft } from '../editor/draft';
import type { FullMask, Prompt } from '../geometry/decoding';
import { runsOf } from '../geometry/fullMask';
import type { Size } from '../geometry/types';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

/** The draft, if it is one of an image of this size; else null. */
export function readDraft(value: unknown, size: Size): EditorDraft | null {
  return isFields(value) && isHistory(value.history, size) && isMaking(value.making, size)
    ? (value as unknown as EditorDraft)
    : null;
}

function isHistory(value: unknown, size: Size): value is HistoryDraft {
  const isEntry: Check = (entry) => isListOf(entry, (patch) => isPatch(patch, size));
  return isFields(value) && isListOf(value.done, isEntry) && isListOf(value.undone, isEntry);
}

function isPatch(value: unknown, size: Size): value is Patch {
  if (!isFields(value)) return false;
  switch (value.kind) {
    case 'create':
      return isAnnotation(value.annotation, size) && isNumber(value.index);
    case 'update':
      return isText(value.id) && isFields(value.changes) && isMaybeMask(value.changes.mask, size);
    case 'delete':
      return isText(value.id);
    default:
      return false;
  }
}

function isAnnotation(value: unknown, size: Size): boolean {
  if (!isFields(value)) return false;
  const { id, categoryId, mask, attributes, parentId, layer, provenance, version } = value;
  const isPlain = isText(id) && isNullOr(isNumber, categoryId) && isNullOr(isText, parentId);
  const hasNumbers = isNumber(layer) && isNumber(version);
  return isPlain && hasNumbers && isMask(mask, size) && isFields(attributes) && isFields(provenance);
}

function isMaking(value: unknown, size: Size): value is MakingDraft | null {
  if (value === null) return true;
  if (!isFields(value)) return false;
  const { baseId, startedAgo, steps, others = [] } = value;
  const isPlain = isNullOr(isText, baseId) && isNumber(startedAgo);
  const areMakings = isListOf(others, (other) => other !== null && isMaking(other, size));
  return isPlain && areMakings && isListOf(steps, (step) => isStep(step, size));
}

function isStep(value: unknown, size: Size): value is StepDraft {
  if (!isFields(value)) return false;
  if (value.kind === 'edit') {
    const { edit, ago, mask } = value;
    return (
      isFields(edit) && isText(edit.kind) && isNumber(edit.pixels) && isNumber(ago) && isMask(mask, size)
    );
  }
  const { kind, prompts, ago, walked, threshold = 0, kept = [] } = value;
  const hasLists = isListOf(prompts, isPrompt) && isListOf(ago, isNumber) && isListOf(kept, Number.isInteger);
  const hasNumbers = Number.isInteger(walked) && isNumber(threshold);
  return kind === 'prompt' && hasLists && (prompts as unknown[]).length > 0 && hasNumbers;
}

function isPrompt(value: unknown): value is Prompt {
  if (!isFields(value)) return false;
  if (value.kind === 'point')
    return isNumber(value.x) && isNumber(value.y) && [0, 1].includes(value.label as 0);
  const { kind, box } = value;
  return kind === 'box' && isFields(box) && ['x0', 'y0', 'x1', 'y1'].every((name) => isNumber(box[name]));
}

const isMaybeMask = (value: unknown, size: Size) => value === undefined || isMask(value, size);

/** Its runs fill the image. */
function isMask(value: unknown, { width, height }: Size): value is FullMask {
  if (!isFields(value) || !isFields(value.segmentation)) return false;
  const { segmentation, bbox, area } = value;
  const [rows, columns] = Array.isArray(segmentation.size) ? (segmentation.size as unknown[]) : [];
  const isMeasured = isListOf(bbox, isNumber) && isNumber(area);
  if (rows !== height || columns !== width || !isText(segmentation.counts) || !isMeasured) return false;
  try {
    runsOf(value as unknown as FullMask);
    return true;
  } catch {
    return false;
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isNullOr = (check: Check, value: unknown) => value === null || check(value);
const isListOf = (value: unknown, check: Check) => Array.isArray(value) && value.every(check);

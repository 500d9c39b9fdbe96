/** What a person who does not see the canvas is told: the difference between two snapshots, in messages. Pure. */
import type { Annotation, Category, EditorSnapshot, MakingView } from '../../editor/model';
import { shownIou } from '../../editor/score';
import { toolById } from '../../editor/tools/registry';
import type { Size } from '../../geometry/types';
import type { Message } from '../../i18n/message';
import { areaOfMask, crosshairMessage } from './maskPlace';

type Told = Message | null;

/** The newest news only, the most telling first; null where nothing is worth a word. */
export function newsOf(before: EditorSnapshot, after: EditorSnapshot, image: Size): Told {
  const what =
    documentNews(before, after, image) ??
    makingNews(before, after, image) ??
    selectionNews(before, after, image) ??
    handNews(before, after, image);
  if (after.walked === before.walked || after.walked === null) return what;
  const key = after.walked.way === 'undo' ? 'keyboard:say.undone' : 'keyboard:say.redone';
  return { key, values: { what: what ?? { key: 'keyboard:say.step' } } };
}

/** What was refused, or went wrong: said at once. */
export function troubleOf(before: EditorSnapshot, after: EditorSnapshot): Told {
  return after.status.message === before.status.message ? null : after.status.message;
}

function documentNews(before: EditorSnapshot, after: EditorSnapshot, image: Size): Told {
  if (before.annotations === after.annotations) return null;
  const old = new Map(before.annotations.map((annotation) => [annotation.id, annotation]));
  const added = after.annotations.filter(({ id }) => !old.has(id));
  const changed = after.annotations.filter((annotation) => isChanged(old.get(annotation.id), annotation));
  const removed = before.annotations.length + added.length - after.annotations.length;
  const [one] = added;
  if (one && added.length === 1) return acceptedMessage(one, after);
  if (added.length > 1) return { key: 'keyboard:say.acceptedMany', values: { count: added.length } };
  if (removed > 0) return { key: 'keyboard:say.deleted', values: { count: removed } };
  return changeNews(old, changed, after, image);
}

/** An acknowledgement of the server changes the version alone. */
function isChanged(old: Annotation | undefined, now: Annotation): boolean {
  return old !== undefined && (old.mask !== now.mask || old.categoryId !== now.categoryId);
}

function acceptedMessage(annotation: Annotation, snapshot: EditorSnapshot): Message {
  return { key: 'keyboard:say.accepted', values: nameOf(annotation, snapshot) };
}

function changeNews(
  old: ReadonlyMap<string, Annotation>,
  changed: readonly Annotation[],
  after: EditorSnapshot,
  image: Size,
): Told {
  const [one] = changed;
  if (!one) return null;
  if (changed.length > 1) return { key: 'keyboard:say.changedMany', values: { count: changed.length } };
  const values = nameOf(one, after);
  if (old.get(one.id)?.mask === one.mask) return { key: 'keyboard:say.recategorised', values };
  const area = areaOfMask({ kind: 'full', mask: one.mask }, image);
  return { key: 'keyboard:say.changed', values: { ...values, area } };
}

function makingNews(
  { making: before }: EditorSnapshot,
  { making, accepting }: EditorSnapshot,
  image: Size,
): Told {
  if (making === null) {
    const isCleared = before !== null && accepting.length === 0;
    return isCleared ? { key: 'keyboard:say.cleared' } : null;
  }
  const isNew = making.shown !== before?.shown || making.chosen !== before.chosen;
  const isAnswered = making.state === 'shown' || making.state === 'edited';
  return isNew && isAnswered ? makingMessage(making, image) : null;
}

function makingMessage({ shown, ladder, chosen }: MakingView, image: Size): Told {
  if (shown === null) return null;
  const area = areaOfMask(shown, image);
  const rung = ladder[chosen];
  if (shown.kind === 'full' || !rung) return { key: 'keyboard:say.mask', values: { area } };
  const iou = {
    key: 'keyboard:say.iou',
    values: { value: shownIou(rung.candidate.predictedIou).toFixed(2) },
  } as const;
  const name = { key: `annotate:ladder.${rung.name}` } as const;
  const place = { at: chosen + 1, count: ladder.length, name };
  const candidate = { key: 'keyboard:say.candidate', values: place } as const;
  return { key: 'keyboard:say.maskOfModel', values: { area, iou, candidate } };
}

function selectionNews(before: EditorSnapshot, after: EditorSnapshot, image: Size): Told {
  const { selection, annotations } = after;
  if (selection === before.selection) return null;
  if (selection.length === 0) return { key: 'keyboard:say.unselected' };
  if (selection.length > 1) return { key: 'keyboard:say.selectedMany', values: { count: selection.length } };
  const one = annotations.find(({ id }) => id === selection[0]);
  if (!one) return null;
  const area = areaOfMask({ kind: 'full', mask: one.mask }, image);
  return { key: 'keyboard:say.selected', values: { ...nameOf(one, after), area } };
}

/** What the hand holds, and where it is. */
function handNews(before: EditorSnapshot, after: EditorSnapshot, image: Size): Told {
  const { tool, categoryId, categories, crosshair } = after;
  if (tool.id !== before.tool.id)
    return { key: 'keyboard:say.tool', values: { tool: toolById(tool.id).title } };
  if (categoryId !== before.categoryId) {
    return { key: 'keyboard:say.category', values: { category: categoryName(categoryId, categories) } };
  }
  if (crosshair === before.crosshair || crosshair === null) return null;
  if (crosshair.isPressed !== (before.crosshair?.isPressed ?? false)) {
    return { key: crosshair.isPressed ? 'keyboard:say.pressed' : 'keyboard:say.released' };
  }
  const { hoveredId, annotations } = after;
  const under = annotations.find(({ id }) => id === hoveredId);
  return crosshairMessage(crosshair, image, under ? nameOf(under, after) : null);
}

/** Masks go by their place in the list. */
function nameOf(annotation: Annotation, { annotations, categories }: EditorSnapshot) {
  const number = annotations.findIndex(({ id }) => id === annotation.id) + 1;
  return { number, category: categoryName(annotation.categoryId, categories) };
}

function categoryName(id: number | null, categories: readonly Category[]): Message | string {
  const category = categories.find((one) => one.id === id);
  return category?.name ?? { key: 'annotate:noCategory' };
}

/**
 * Masks that share no pixel. Where two meet, the locked one stays; else the one on the higher layer; on the same layer
 * the rule says which: the changed mask yields, or bites. A part and its whole are one object, and may overlap. Nothing
 * vanishes in this way: a change that would leave nothing of a mask is refused.
 */
import type { Xywh } from '../geometry/box';
import { fullMaskOf, runsOf } from '../geometry/fullMask';
import type { Runs } from '../geometry/rle';
import { areaOf, combine, isEmpty } from '../geometry/runs';
import type { Size } from '../geometry/types';
import type { Message } from '../i18n/message';
import type { Annotation, OverlapRule } from './model';
import { withEdit } from './provenance';

/** What changed masks meet. */
export interface Surroundings {
  /** All annotations of the image, as they are before the change. */
  readonly annotations: readonly Annotation[];
  readonly locked: ReadonlySet<string>;
  readonly rule: OverlapRule;
  readonly imageSize: Size;
}

/** What is to be in the document, or why the change cannot be. */
export type Separation =
  { readonly annotations: readonly Annotation[]; readonly refusal: null } | { readonly refusal: Message };

const NOTHING_LEFT: Message = { key: 'editor:overlapLeavesNothing' };
const COVERED: Message = { key: 'editor:overlapCovers' };

/** The changed or new annotations, and those that they bite into, without overlaps. */
export function separate(changed: readonly Annotation[], around: Surroundings): Separation {
  if (around.rule === 'off') return { annotations: changed, refusal: null };
  const before = new Map(around.annotations.map((annotation) => [annotation.id, annotation]));
  const after = new Map([...before, ...changed.map((annotation) => [annotation.id, annotation] as const)]);
  for (const { id } of changed) {
    const refusal = settle(id, after, around);
    if (refusal) return { refusal };
  }
  return { annotations: [...after.values()].filter((one) => one !== before.get(one.id)), refusal: null };
}

/** Takes from one mask what others keep, and then from others what it keeps. */
function settle(id: string, masks: Map<string, Annotation>, around: Surroundings): Message | null {
  const own = masks.get(id);
  if (!own) return null;
  const met = [...masks.values()].filter((other) => mayMeet(own, other) && !areRelated(own, other, masks));
  const winners = met.filter((other) => winsOver(other, own, around));
  const left = without(own, winners, around.imageSize);
  if (!left) return NOTHING_LEFT;
  masks.set(id, left);
  for (const other of met) {
    if (winners.includes(other)) continue;
    const rest = without(other, [left], around.imageSize);
    if (!rest) return COVERED;
    masks.set(other.id, rest);
  }
  return null;
}

function winsOver(other: Annotation, own: Annotation, { locked, rule }: Surroundings): boolean {
  if (locked.has(other.id)) return true;
  return other.layer === own.layer ? rule === 'yield' : other.layer > own.layer;
}

/** The same annotation where they share nothing; null where nothing is left of it. */
function without(own: Annotation, others: readonly Annotation[], size: Size): Annotation | null {
  const taken = unionOf(others.map(({ mask }) => runsOf(mask)));
  if (!taken) return own;
  const left = combine(runsOf(own.mask), taken, 'difference');
  const pixels = own.mask.area - areaOf(left);
  if (pixels === 0) return own;
  if (isEmpty(left)) return null;
  return {
    ...own,
    mask: fullMaskOf(left, size),
    provenance: withEdit(own.provenance, { kind: 'overlap', pixels }),
  };
}

/** By halves: of a thousand small masks none is walked through a thousand times. Null of none. */
function unionOf(masks: readonly Runs[]): Runs | null {
  if (masks.length < 2) return masks[0] ?? null;
  const half = masks.length >> 1;
  const [one, other] = [unionOf(masks.slice(0, half)), unionOf(masks.slice(half))];
  return one && other && combine(one, other, 'union');
}

function mayMeet(own: Annotation, other: Annotation): boolean {
  return other.id !== own.id && doBoxesMeet(own.mask.bbox, other.mask.bbox);
}

function doBoxesMeet([x, y, width, height]: Xywh, [left, top, across, down]: Xywh): boolean {
  return x < left + across && left < x + width && y < top + down && top < y + height;
}

/** Whether one is a part of the other, or a part of a part. */
function areRelated(one: Annotation, other: Annotation, all: ReadonlyMap<string, Annotation>): boolean {
  return isWithin(one, other.id, all) || isWithin(other, one.id, all);
}

function isWithin(part: Annotation, wholeId: string, all: ReadonlyMap<string, Annotation>): boolean {
  const seen = new Set<string>();
  for (let id = part.parentId; id !== null && !seen.has(id); id = all.get(id)?.parentId ?? null) {
    if (id === wholeId) return true;
    seen.add(id);
  }
  return false;
}

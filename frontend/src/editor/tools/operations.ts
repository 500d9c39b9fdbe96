/** Polygon and lasso: what their ring does to the mask. */
import type { Ring } from '../../geometry/rings';
import { ringsToRuns } from '../../geometry/rings';
import type { Runs } from '../../geometry/rle';
import { combine, type SetOperation } from '../../geometry/runs';
import type { MaskChange } from '../maskChange';
import type { PointerInput, RingOperation } from '../model';
import type { ToolContext } from './tool';

const SETS: Readonly<Record<RingOperation, SetOperation>> = {
  add: 'union',
  new: 'union',
  subtract: 'difference',
  intersect: 'intersection',
};

/** What was chosen, unless a key or the other button says otherwise while the gesture begins. */
export function operationOf(input: PointerInput, chosen: RingOperation): RingOperation {
  const takesAway = input.alt || input.button === 'secondary';
  if (input.shift) return takesAway ? 'intersect' : 'add';
  return takesAway ? 'subtract' : chosen;
}

/** A gesture that draws a ring. */
export interface RingGesture {
  readonly kind: 'polygon' | 'lasso';
  readonly operation: RingOperation;
  readonly startedAt: number;
}

/** The mask at hand, or a new one, takes the ring in. */
export function applyRing(
  { editing, imageSize }: ToolContext,
  { kind, operation, startedAt }: RingGesture,
  ring: Ring,
): void {
  if (operation === 'new') editing.beginNew();
  const apply: MaskChange['apply'] = (before: Runs) =>
    combine(before, ringsToRuns([ring], imageSize), SETS[operation]);
  editing.change({ kind, apply, startedAt, draft: ringDraft(operation, ring, true) });
}

export function ringDraft(operation: RingOperation, ring: Ring, isClosed: boolean, showsVertices = false) {
  return { kind: 'rings', rings: [ring], isClosed, showsVertices, activeVertex: null, operation } as const;
}

/** Distance of two points on the screen, in its pixels. */
export function screenDistance(a: PointerInput, b: { readonly x: number; readonly y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y) * a.scale;
}

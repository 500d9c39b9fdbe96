/** Masks that are changed by hand, drawn, against what would be stored of them. */
import { fullMaskOf } from '../../geometry/fullMask';
import { ringsToRuns } from '../../geometry/rings';
import type { Runs } from '../../geometry/rle';
import { combine, type SetOperation } from '../../geometry/runs';
import { strokeToRuns } from '../../geometry/stroke';
import type { Point, Size } from '../../geometry/types';
import { upsampleToRuns } from '../../geometry/upsample';
import type { Viewport } from '../../geometry/viewport';
import type { DraftOperation, SceneDab, SceneDraft } from '../scene';
import { drawAndRead, logits, mismatches, randomNumbers, RED, sceneOf } from './stage';

const SETS: Readonly<Record<DraftOperation, SetOperation>> = {
  add: 'union',
  subtract: 'difference',
  intersect: 'intersection',
};

/** What a draft starts from. */
export type Base = 'none' | 'logits' | 'full';

function baseOf(kind: Base, size: Size): { draft: SceneDraft['base']; runs: Runs } {
  const { width, height } = size;
  const mask = { logits: logits(), inputSide: 1024, crop: [0, 0, width, height] as const };
  if (kind === 'none') return { draft: null, runs: Uint32Array.of(width * height) };
  const runs = upsampleToRuns(mask, size);
  return { runs, draft: kind === 'logits' ? mask : fullMaskOf(runs, size) };
}

/** A hand that wanders over the image and beyond, now pressing, now not; some dabs on half pixels, some on none. */
function wander({ width, height }: Size, count: number): SceneDab[] {
  const random = randomNumbers(count);
  let [x, y] = [width / 2, height / 2];
  return Array.from({ length: count }, (_, i) => {
    x += (random() - 0.5) * width * 0.2;
    y += (random() - 0.5) * height * 0.2;
    const radius = random() * 0.06 * Math.max(width, height);
    return i % 3 === 0
      ? { x: Math.floor(x) + 0.5, y: Math.floor(y), radius: Math.ceil(radius) }
      : { x, y, radius };
  });
}

/** Draws the stroke as it grows, then compares it whole: 0 when every canvas pixel is that of the stored mask. */
export function strokeMismatches(size: Size, view: Viewport, operation: DraftOperation, kind: Base): number {
  const base = baseOf(kind, size);
  const dabs = wander(size, 40);
  const draftOf = (count: number): SceneDraft => {
    const stroke = { dabs: dabs.slice(0, count), operation };
    return { base: base.draft, stroke, rings: null, color: RED };
  };
  for (const count of [1, 2, 3, 17]) drawAndRead(sceneOf(size, view, { draft: draftOf(count) }));
  const stored = combine(base.runs, strokeToRuns(dabs, size), SETS[operation]);
  return mismatches(sceneOf(size, view, { draft: draftOf(dabs.length) }), stored);
}

/** A star that crosses itself, a hole, and a corner beyond the image. */
function ringsIn({ width, height }: Size): Point[][] {
  const at = (x: number, y: number) => ({ x: x * width, y: y * height });
  const star = [0, 2, 4, 1, 3].map((i) => {
    const angle = (i * 2 * Math.PI) / 5;
    return at(0.5 + 0.4 * Math.sin(angle), 0.5 - 0.4 * Math.cos(angle));
  });
  return [star, [at(0.45, 0.2), at(0.55, 0.2), at(0.5, 0.35)], [at(0.8, 0.8), at(1.2, 0.9), at(0.9, 1.3)]];
}

/** The same for rings, beside their lines. */
export function ringsMismatches(size: Size, view: Viewport, operation: DraftOperation, kind: Base): number {
  const base = baseOf(kind, size);
  const rings = ringsIn(size);
  const stored = combine(base.runs, ringsToRuns(rings, size), SETS[operation]);
  const draft: SceneDraft = {
    ...{ base: base.draft, stroke: null, color: RED },
    rings: { rings, isClosed: true, showsVertices: false, activeVertex: null, operation },
  };
  const isUnderLine = (at: Point) => distanceToRings(rings, at) * view.scale < LINE_REACH;
  return mismatches(sceneOf(size, view, { draft }), stored, isUnderLine);
}

/** Half the width of a line and its smooth edge, canvas pixels. */
const LINE_REACH = 4;

function distanceToRings(rings: readonly (readonly Point[])[], at: Point): number {
  const sides = rings.flatMap((ring) =>
    ring.map((from, i) => [from, ring[(i + 1) % ring.length] ?? from] as const),
  );
  return Math.min(...sides.map(([from, to]) => distanceToLine(from, to, at)));
}

function distanceToLine(from: Point, to: Point, at: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((at.x - from.x) * dx + (at.y - from.y) * dy) / (dx ** 2 + dy ** 2);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(at.x - from.x - share * dx, at.y - from.y - share * dy);
}

/** A mask in the making that is there at full size. */
export function fullMismatches(size: Size, view: Viewport): number {
  const { runs } = baseOf('full', size);
  const candidate = { ...fullMaskOf(runs, size), color: RED, preview: false };
  return mismatches(sceneOf(size, view, { candidates: [candidate] }), runs);
}

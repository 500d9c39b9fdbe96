/**
 * The polygon of a mask, to be changed vertex by vertex. It keeps the exact outline, and shows those of its vertices that
 * the tolerance leaves: other vertices are shown at another tolerance, and nothing is lost. A change replaces the exact
 * outline between the two shown vertices beside it, and leaves it alone everywhere else.
 */
import { contoursOf, type Ring, ringsToRuns, simplify } from '../geometry/rings';
import type { Runs } from '../geometry/rle';
import type { Point, Size } from '../geometry/types';

/** Of a shown ring, and of a vertex in there. */
export interface VertexPlace {
  readonly ring: number;
  readonly index: number;
}

export interface Outline {
  readonly tolerance: number;
  /** Even-odd; vertices are told apart by identity. */
  readonly exact: readonly Ring[];
  /** Rings of vertices of `exact`, in the order of `exact`; small ones may be missing. */
  readonly shown: readonly Ring[];
}

export const outlineOf = (runs: Runs, size: Size, tolerance: number): Outline =>
  simplified(contoursOf(runs, size), tolerance);

export function simplified(exact: readonly Ring[], tolerance: number): Outline {
  return { tolerance, exact, shown: simplify(exact, tolerance) };
}

export const runsOfOutline = ({ exact }: Outline, size: Size): Runs => ringsToRuns(exact, size);

/** The mask that the shown vertices alone make. */
export const onlyShown = (outline: Outline): Outline => ({ ...outline, exact: outline.shown });

export function moveVertex(outline: Outline, at: VertexPlace, to: Point): Outline {
  return replaceVertex(outline, at, [{ x: to.x, y: to.y }]);
}

/** A ring of three goes with its vertex. */
export function removeVertex(outline: Outline, at: VertexPlace): Outline {
  const ring = outline.shown[at.ring];
  if (!ring || ring.length > 3) return replaceVertex(outline, at, []);
  return {
    ...outline,
    exact: outline.exact.filter((exact) => !ring[0] || !exact.includes(ring[0])),
    shown: outline.shown.filter((shown) => shown !== ring),
  };
}

/**
 * Shows one vertex more, after the one at `after`: that of the exact outline nearest to `point`, or where the outline is
 * straight a new one on it. The mask stays as it is.
 */
export function insertVertex(outline: Outline, after: VertexPlace, point: Point): Outline {
  const shown = outline.shown[after.ring];
  const [from, to] = [shown?.[after.index], shown?.[(after.index + 1) % shown.length]];
  const ring = from && outline.exact.findIndex((exact) => exact.includes(from));
  const exact = ring === undefined ? undefined : outline.exact[ring];
  if (!shown || !from || !to || !exact) return outline;
  const between = stretch(exact, from, to);
  const vertex = nearest(between, point) ?? onSegment(from, to, point);
  const shownRing = shown.toSpliced(after.index + 1, 0, vertex);
  const exactRing = between.length > 0 ? exact : [from, vertex, ...stretch(exact, from, from)];
  return {
    ...outline,
    exact: outline.exact.map((other) => (other === exact ? exactRing : other)),
    shown: outline.shown.with(after.ring, shownRing),
  };
}

/** The vertex within `reach` of a point that is nearest to it. */
export function vertexAt({ shown }: Outline, point: Point, reach: number): VertexPlace | null {
  let best: VertexPlace | null = null;
  let least = reach;
  shown.forEach((ring, i) => {
    ring.forEach((vertex, index) => {
      const distance = distanceOf(vertex, point);
      if (distance > least) return;
      best = { ring: i, index };
      least = distance;
    });
  });
  return best;
}

/** The edge within `reach` of a point that is nearest to it, by its first vertex. */
export function edgeAt({ shown }: Outline, point: Point, reach: number): VertexPlace | null {
  let best: VertexPlace | null = null;
  let least = reach;
  shown.forEach((ring, i) => {
    ring.forEach((from, index) => {
      const to = ring[(index + 1) % ring.length] ?? from;
      const distance = distanceOf(onSegment(from, to, point), point);
      if (distance > least) return;
      best = { ring: i, index };
      least = distance;
    });
  });
  return best;
}

/** Puts `vertices` (none or one) in the place of one, with straight edges to both of its neighbours. */
function replaceVertex(outline: Outline, at: VertexPlace, vertices: readonly Point[]): Outline {
  const shown = outline.shown[at.ring];
  const [vertex, before, after] = [0, -1, 1].map((by) => shown && wrapped(shown, at.index + by));
  const exact = vertex && outline.exact.find((ring) => ring.includes(vertex));
  if (!shown || !before || !after || !exact) return outline;
  const replaced = [before, ...vertices, after, ...stretch(exact, after, before)];
  return {
    ...outline,
    exact: outline.exact.map((ring) => (ring === exact ? replaced : ring)),
    shown: outline.shown.with(at.ring, shown.toSpliced(at.index, 1, ...vertices)),
  };
}

/** The vertices of a ring after one and before another, all the others where both are the same. */
function stretch(ring: Ring, from: Point, to: Point): Point[] {
  const start = ring.indexOf(from);
  const turned = [...ring.slice(start + 1), ...ring.slice(0, start + 1)];
  return turned.slice(0, turned.indexOf(to));
}

const wrapped = (ring: Ring, index: number): Point | undefined => ring[(index + ring.length) % ring.length];

function nearest(points: readonly Point[], to: Point): Point | undefined {
  const distances = points.map((point) => distanceOf(point, to));
  return points[distances.indexOf(Math.min(...distances))];
}

function onSegment(from: Point, to: Point, { x, y }: Point): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / length;
  const along = Math.min(1, Math.max(0, share));
  return { x: from.x + along * dx, y: from.y + along * dy };
}

const distanceOf = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

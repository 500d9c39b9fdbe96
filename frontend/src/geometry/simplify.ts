/**
 * Fewer vertices for an outline, by Douglas and Peucker's rule: a stretch is cut at the vertex farthest from its chord
 * until every vertex left out lies within the tolerance. The error is thus a distance in pixels, which a slider can show,
 * and where a stretch is cut does not depend on the tolerance: vertices that go at one tolerance are gone at every larger.
 */
import type { Ring } from './rings';
import type { Point } from './types';

/**
 * Rings whose dropped vertices lie within `tolerance` (image pixels) of the outline that is left; 0 changes nothing.
 * A ring keeps a triangle at least; it goes only where it is smaller than the tolerance from end to end, or has no area.
 * The caller keeps the exact outline; from the simplified one there is no way back.
 */
export function simplify(rings: readonly Ring[], tolerance: number): Ring[] {
  if (tolerance <= 0) return [...rings];
  return rings.map((ring) => simplifyRing(ring, tolerance)).filter((ring) => ring.length > 2);
}

function simplifyRing(ring: Ring, tolerance: number): Ring {
  const turned = fromFarthest(ring);
  const [first] = turned;
  if (!first) return [];
  const closed = [...turned, first];
  const opposite = farthest(closed, 0, ring.length);
  if (opposite.distance < tolerance) return [];
  const third = apex(closed, opposite.index);
  const anchors = [0, opposite.index, third, ring.length].sort((a, b) => a - b);
  const kept = new Set(anchors);
  anchors.slice(1).forEach((end, i) => {
    keepFar(closed, anchors[i] ?? 0, end, tolerance, kept);
  });
  return turned.filter((_, i) => kept.has(i));
}

/** The same ring from the vertex farthest from its first: an end of it, where a corner is wanted at any tolerance. */
function fromFarthest(ring: Ring): Ring {
  const { index } = farthest(ring, 0, 0, ring.length);
  return [...ring.slice(index), ...ring.slice(0, index)];
}

/** The vertex farthest from the chord that cuts the ring in two. */
function apex(closed: Ring, opposite: number): number {
  const sides = [farthest(closed, 0, opposite), farthest(closed, opposite, closed.length - 1)];
  const [one, other] = sides;
  return (one && other && one.distance >= other.distance ? one : other)?.index ?? 0;
}

/** Cuts the stretch between two vertices as often as the tolerance asks for. */
function keepFar(ring: Ring, start: number, end: number, tolerance: number, kept: Set<number>): void {
  const stretches: [number, number][] = [[start, end]];
  for (let stretch = stretches.pop(); stretch; stretch = stretches.pop()) {
    const { index, distance } = farthest(ring, ...stretch);
    if (distance <= tolerance) continue;
    kept.add(index);
    stretches.push([stretch[0], index], [index, stretch[1]]);
  }
}

interface Farthest {
  readonly index: number;
  readonly distance: number;
}

/** Of the vertices after `start` and before `limit` (`end` if absent) the one farthest from the chord start-end. */
function farthest(ring: Ring, start: number, end: number, limit = end): Farthest {
  const [a, b] = [ring[start], ring[end]];
  let [index, most] = [start, 0];
  for (let i = start + 1; i < limit; i += 1) {
    const vertex = ring[i];
    const square = a && b && vertex ? squaredDistance(vertex, a, b) : 0;
    if (square > most) [index, most] = [i, square];
  }
  return { index, distance: Math.sqrt(most) };
}

/** From a point to the stretch between a and b. */
function squaredDistance({ x, y }: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / length;
  const along = Math.min(Math.max(share, 0), 1);
  return (x - a.x - along * dx) ** 2 + (y - a.y - along * dy) ** 2;
}

/**
 * What a brush covers.
 *
 * A stroke is a chain of dabs, discs whose radius may change with the pressure of a pen. It covers, for every two
 * dabs that follow each other, the convex hull of the two discs (a round cone), and a pixel is in when its centre is,
 * with the edge. The same as a signed distance, for whoever draws a stroke otherwise: for the centre p of a pixel
 * (+0.5) and discs (c0, r0), (c1, r1), with d = |c1 - c0|, u = (c1 - c0) / d, a = (p - c0) . u,
 * b = |(p - c0) x u|, s = (r0 - r1) / d and c = sqrt(1 - s^2),
 *
 *   k = a c - b s                                  where the tangents' normal through p meets the cone's side
 *   distance = |p - c0| - r0                       if k <= 0
 *              |p - c1| - r1                       if k >= d c
 *              a s + b c - r0                      in between;
 *
 * where one disc holds the other (d <= |r0 - r1|), it is the distance to the larger disc. The pixel is in when the
 * distance is <= 0.
 */
import { Columns, firstAfter, firstFrom } from './columns';
import type { Runs } from './rle';
import type { Point, Size } from './types';

/** A disc in image pixels. One of radius 0 is the tip of a cone; a stroke of such alone covers nothing. */
export interface Dab extends Point {
  readonly radius: number;
}

/** The pixels of an image of `size` that a stroke covers; what lies outside is cut off. A single dab is a disc. */
export function strokeToRuns(dabs: readonly Dab[], size: Size): Runs {
  const columns = new Columns(size);
  dabs.forEach((dab, i) => {
    coverHull(columns, size, dab, dabs[i + 1] ?? dab);
  });
  return columns.toRuns();
}

/** A column of a convex shape is one interval: the least that holds those of both discs and of the tangents between. */
function coverHull(columns: Columns, { width }: Size, a: Dab, b: Dab): void {
  if (a.radius <= 0 && b.radius <= 0) return;
  const sides = tangents(a, b);
  const end = Math.min(firstAfter(Math.max(a.x + a.radius, b.x + b.radius)), width);
  for (let x = Math.max(firstFrom(Math.min(a.x - a.radius, b.x - b.radius)), 0); x < end; x += 1) {
    const interval = new Interval();
    addDisc(interval, a, x + 0.5);
    addDisc(interval, b, x + 0.5);
    for (const [from, to] of sides) addSegment(interval, from, to, x + 0.5);
    columns.cover(x, firstFrom(interval.low), firstAfter(interval.high));
  }
}

class Interval {
  low = Infinity;
  high = -Infinity;

  add(y: number): void {
    this.low = Math.min(this.low, y);
    this.high = Math.max(this.high, y);
  }
}

/** Where a disc meets the vertical line at x. */
function addDisc(interval: Interval, disc: Dab, x: number): void {
  const reach = disc.radius ** 2 - (x - disc.x) ** 2;
  if (reach < 0) return;
  interval.add(disc.y - Math.sqrt(reach));
  interval.add(disc.y + Math.sqrt(reach));
}

type Segment = readonly [from: Point, to: Point];

function addSegment(interval: Interval, from: Point, to: Point, x: number): void {
  if (from.x === to.x || x < Math.min(from.x, to.x) || x > Math.max(from.x, to.x)) return;
  interval.add(from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x));
}

/** The two outer tangents of discs, from the one to the other; none where one disc holds the other. */
function tangents(a: Dab, b: Dab): readonly Segment[] {
  const distance = Math.hypot(b.x - a.x, b.y - a.y);
  const sine = (a.radius - b.radius) / distance;
  if (!(Math.abs(sine) < 1)) return [];
  const cosine = Math.sqrt(1 - sine ** 2);
  const [ux, uy] = [(b.x - a.x) / distance, (b.y - a.y) / distance];
  return [cosine, -cosine].map((side) => {
    const normal = { x: ux * sine - uy * side, y: uy * sine + ux * side };
    return [along(a, normal, a.radius), along(b, normal, b.radius)];
  });
}

function along({ x, y }: Point, direction: Point, length: number): Point {
  return { x: x + direction.x * length, y: y + direction.y * length };
}

/**
 * The exact outlines of a mask, along the edges of its pixels.
 *
 * Every span of a column has two horizontal edges of length 1, its top and its bottom. On each vertical line between two
 * columns the ends of these edges, sorted by height, belong together in pairs: between the two of a pair the line is part
 * of the outline (one side is set, the other is not), or they meet and the outline goes straight on. Joining all
 * pairs gives the rings; the work is linear in the spans, and no bitmap is made.
 *
 * Pixels that touch at a corner only belong together (8-connected foreground), so holes that do so are two
 * (4-connected): a ring goes through such a corner twice and holds both pixels.
 */
import type { Ring } from './rings';
import type { Runs } from './rle';
import { forEachLine, type SpanRange, type Spans, spansOf } from './spans';
import type { Point, Size } from './types';

/** Edge 2s is the top of span s, 2s + 1 its bottom; it goes from the span's column x to x + 1. */
type Edge = number;

/** End 2e is the left end of edge e, 2e + 1 its right end: for each the edge that the outline goes on with. */
type Joints = Int32Array;

/**
 * The rings of a mask, outer ones clockwise as seen on the screen, holes the other way round, by their first edge from
 * left to right, then from top to bottom. Vertices are corners of pixels, and the outline turns at each of them.
 * `ringsToRuns` gives the mask back.
 */
export function contoursOf(runs: Runs, size: Size): Ring[] {
  const spans = spansOf(runs, size.height);
  const joints = joinEdges(spans);
  const seen = new Uint8Array(spans.bounds.length);
  const rings: Ring[] = [];
  for (let edge = 0; edge < seen.length; edge += 1) {
    if (!seen[edge]) rings.push(trace(edge, spans, joints, seen));
  }
  return rings;
}

function joinEdges(spans: Spans): Joints {
  const joints = new Int32Array(spans.bounds.length * 2);
  forEachLine(spans, (left, right) => {
    joinAlongLine(joints, spans.bounds, left, right);
  });
  return joints;
}

/** Joins the ends on one line in pairs, from top to bottom. */
function joinAlongLine(joints: Joints, y: readonly number[], left: SpanRange, right: SpanRange): void {
  let [one, other] = [2 * left.from, 2 * right.from];
  let waiting = -1;
  while (one < 2 * left.to || other < 2 * right.to) {
    const isLeft = other === 2 * right.to || (one < 2 * left.to && comesFirst(one, other, y));
    const end = isLeft ? 2 * one++ + 1 : 2 * other++;
    if (waiting >= 0) {
      joints[waiting] = end >> 1;
      joints[end] = waiting >> 1;
    }
    waiting = waiting >= 0 ? -1 : end;
  }
}

/** By height. Where two edges meet, tops come before bottoms: this joins pixels that touch at a corner. */
function comesFirst(one: Edge, other: Edge, y: readonly number[]): boolean {
  const rise = (y[one] ?? 0) - (y[other] ?? 0);
  return rise < 0 || (rise === 0 && one % 2 <= other % 2);
}

/** Walks along the outline with the mask on the right: along tops to the right, along bottoms to the left. */
function trace(start: Edge, { x, bounds: y }: Spans, joints: Joints, seen: Uint8Array): Ring {
  const ring: Point[] = [];
  for (let edge = start; !seen[edge];) {
    seen[edge] = 1;
    const right = 1 - (edge % 2);
    const next = joints[2 * edge + right] ?? 0;
    const line = (x[edge >> 1] ?? 0) + right;
    if (y[edge] !== y[next]) ring.push({ x: line, y: y[edge] ?? 0 }, { x: line, y: y[next] ?? 0 });
    edge = next;
  }
  return ring;
}

/**
 * The parts and holes of a mask. Pixels that touch at a corner belong to one part (8-connected); background that does
 * so does not (4-connected), so that no hole leaks out between them. A hole is background that does not reach the edge
 * of the image. Spans of neighbouring columns are joined where they touch: linear in the spans, without a bitmap.
 */
import type { Runs } from './rle';
import { combine, invert } from './runs';
import { forEachLine, type SpanRange, type Spans, spansOf, SpanWriter } from './spans';
import type { Size } from './types';

/** The connected parts of a mask by falling area; of equal ones the one further left, then further up, first. */
export function parts(runs: Runs, size: Size): Runs[] {
  return componentsOf(runs, size, DIAGONAL)
    .sort((a, b) => b.area - a.area)
    .map((component) => runsOfComponents([component], size));
}

/** Fills holes of up to `largest` pixels. */
export function fillHoles(runs: Runs, size: Size, largest = Infinity): Runs {
  const holes = componentsOf(invert(runs), size, STRAIGHT).filter(
    ({ area, touchesEdge }) => area <= largest && !touchesEdge,
  );
  return combine(runs, runsOfComponents(holes, size), 'union');
}

/** Drops parts of less than `smallest` pixels. */
export function dropIslands(runs: Runs, size: Size, smallest: number): Runs {
  const large = componentsOf(runs, size, DIAGONAL).filter(({ area }) => area >= smallest);
  return runsOfComponents(large, size);
}

/** Keeps the `count` largest parts, in the order of `parts`. */
export function keepLargest(runs: Runs, size: Size, count: number): Runs {
  const byArea = componentsOf(runs, size, DIAGONAL).sort((a, b) => b.area - a.area);
  return runsOfComponents(byArea.slice(0, count), size);
}

/** By how many pixels spans of neighbouring columns may miss each other and still touch. */
type Reach = 0 | 1;
const STRAIGHT: Reach = 0;
const DIAGONAL: Reach = 1;

interface Component {
  area: number;
  /** Whether it reaches the edge of the image. */
  touchesEdge: boolean;
  /** Starts and ends in the column-major image by turns, rising. */
  readonly stretches: number[];
}

/** By their first span from left to right, then from top to bottom. */
function componentsOf(runs: Runs, size: Size, reach: Reach): Component[] {
  const spans = spansOf(runs, size.height);
  const groups = new Groups(spans.x.length);
  forEachLine(spans, (left, right) => {
    joinTouching(groups, spans, left, right, reach);
  });
  const components = new Map<number, Component>();
  for (let span = 0; span < spans.x.length; span += 1) {
    const group = groups.of(span);
    const component = components.get(group) ?? { area: 0, touchesEdge: false, stretches: [] };
    addSpan(component, spans, span, size);
    components.set(group, component);
  }
  return [...components.values()];
}

function addSpan(component: Component, { x, bounds }: Spans, span: number, { width, height }: Size): void {
  const [column, top, bottom] = [x[span] ?? 0, bounds[2 * span] ?? 0, bounds[2 * span + 1] ?? 0];
  component.area += bottom - top;
  component.touchesEdge ||= column === 0 || column === width - 1 || top === 0 || bottom === height;
  component.stretches.push(column * height + top, column * height + bottom);
}

/** Goes down both columns at once. */
function joinTouching(
  groups: Groups,
  { bounds }: Spans,
  left: SpanRange,
  right: SpanRange,
  reach: Reach,
): void {
  let [one, other] = [left.from, right.from];
  while (one < left.to && other < right.to) {
    const [top, bottom] = [bounds[2 * one] ?? 0, bounds[2 * one + 1] ?? 0];
    const [otherTop, otherBottom] = [bounds[2 * other] ?? 0, bounds[2 * other + 1] ?? 0];
    if (top < otherBottom + reach && otherTop < bottom + reach) groups.join(one, other);
    if (bottom < otherBottom) one += 1;
    else other += 1;
  }
}

/** Which spans belong together: a forest whose roots stand for the groups, the earliest span of each. */
class Groups {
  private readonly parents: Int32Array;

  constructor(count: number) {
    this.parents = Int32Array.from({ length: count }, (_, i) => i);
  }

  of(span: number): number {
    let root = span;
    for (let parent = this.parents[root] ?? root; parent !== root; parent = this.parents[root] ?? root) {
      this.parents[root] = this.parents[parent] ?? parent; // Halves the way for the next search.
      root = parent;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [one, other] = [this.of(a), this.of(b)];
    this.parents[Math.max(one, other)] = Math.min(one, other);
  }
}

/** The mask of some of the components of one mask. */
function runsOfComponents(components: readonly Component[], { width, height }: Size): Runs {
  const stretches = components.flatMap(({ stretches: own }) => pairsOf(own));
  if (components.length > 1) stretches.sort(([a], [b]) => a - b);
  const writer = new SpanWriter();
  for (const [start, end] of stretches) writer.add(start, end);
  return writer.finish(width * height);
}

function pairsOf(bounds: readonly number[]): [start: number, end: number][] {
  return Array.from({ length: bounds.length / 2 }, (_, i) => [bounds[2 * i] ?? 0, bounds[2 * i + 1] ?? 0]);
}

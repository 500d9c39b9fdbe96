/** How a painted rectangle grows to a larger one, strip by strip, so that it stays one rectangle. */
import { hullOf, intersectionOf, isEmptyRect, isWithin, type Rect } from './rects';

/**
 * The next strip on the way to `goal`, of about `pixels` at most and one row or column at least; null when the goal is
 * reached. Begins in the middle, and grows where most is missing.
 */
export function nextStrip(painted: Rect, goal: Rect, pixels: number): Rect | null {
  if (isEmptyRect(goal) || (!isEmptyRect(painted) && isWithin(goal, painted))) return null;
  if (isEmptyRect(intersectionOf(painted, goal))) return middleOf(goal, pixels);
  const { x0, y0, x1, y1 } = painted;
  const all = hullOf(painted, goal);
  const [rows, columns] = [atLeastOne(pixels / (x1 - x0)), atLeastOne(pixels / (y1 - y0))];
  const sides = [
    { missing: y0 - all.y0, strip: { ...painted, y0: Math.max(all.y0, y0 - rows), y1: y0 } },
    { missing: all.y1 - y1, strip: { ...painted, y0: y1, y1: Math.min(all.y1, y1 + rows) } },
    { missing: x0 - all.x0, strip: { ...painted, x0: Math.max(all.x0, x0 - columns), x1: x0 } },
    { missing: all.x1 - x1, strip: { ...painted, x0: x1, x1: Math.min(all.x1, x1 + columns) } },
  ];
  return sides.reduce((most, side) => (side.missing > most.missing ? side : most)).strip;
}

/** In the proportions of the whole. */
function middleOf({ x0, y0, x1, y1 }: Rect, pixels: number): Rect {
  const [width, height] = [x1 - x0, y1 - y0];
  const share = Math.min(1, Math.sqrt(pixels / (width * height)));
  const [w, h] = [atLeastOne(width * share), atLeastOne(height * share)];
  const [left, top] = [x0 + Math.floor((width - w) / 2), y0 + Math.floor((height - h) / 2)];
  return { x0: left, y0: top, x1: left + w, y1: top + h };
}

const atLeastOne = (length: number): number => Math.max(1, Math.floor(length));

/** Rectangles of whole canvas pixels, y downwards; x1 and y1 are not in them. */
import type { Xywh } from '../geometry/box';
import type { Frame } from './gl';

export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export const wholeOf = ({ width, height }: Frame): Rect => ({ x0: 0, y0: 0, x1: width, y1: height });

export const areaOfRect = (rect: Rect): number =>
  isEmptyRect(rect) ? 0 : (rect.x1 - rect.x0) * (rect.y1 - rect.y0);

export const isEmptyRect = ({ x0, y0, x1, y1 }: Rect): boolean => x1 <= x0 || y1 <= y0;

export function intersectionOf(a: Rect, b: Rect): Rect {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

export const movedBy = ({ x0, y0, x1, y1 }: Rect, dx: number, dy: number): Rect => ({
  x0: x0 + dx,
  y0: y0 + dy,
  x1: x1 + dx,
  y1: y1 + dy,
});

/** With `margin` more on every side. */
export const widened = ({ x0, y0, x1, y1 }: Rect, margin: number): Rect => ({
  x0: Math.floor(x0 - margin),
  y0: Math.floor(y0 - margin),
  x1: Math.ceil(x1 + margin),
  y1: Math.ceil(y1 + margin),
});

/** The smallest rectangle that holds both. */
export function hullOf(a: Rect, b: Rect): Rect {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

export const isWithin = (inner: Rect, outer: Rect): boolean =>
  inner.x0 >= outer.x0 && inner.y0 >= outer.y0 && inner.x1 <= outer.x1 && inner.y1 <= outer.y1;

/** The pixels of the canvas that a box of the image touches, and `margin` more on every side; empty when there are none. */
export function rectOnCanvas([x, y, width, height]: Xywh, frame: Frame, margin = 0): Rect {
  const { scale, x: left, y: top } = frame.view;
  const rect = {
    x0: Math.floor(x * scale + left - margin),
    y0: Math.floor(y * scale + top - margin),
    x1: Math.ceil((x + width) * scale + left + margin),
    y1: Math.ceil((y + height) * scale + top + margin),
  };
  return intersectionOf(rect, wholeOf(frame));
}

/** What of `whole` lies outside `part`, as at most four strips that do not overlap. */
export function stripsAround(whole: Rect, part: Rect): Rect[] {
  const inner = intersectionOf(whole, part);
  if (isEmptyRect(inner)) return [whole];
  const strips = [
    { ...whole, y1: inner.y0 },
    { ...whole, y0: inner.y1 },
    { ...whole, y0: inner.y0, y1: inner.y1, x1: inner.x0 },
    { ...whole, y0: inner.y0, y1: inner.y1, x0: inner.x1 },
  ];
  return strips.filter((strip) => !isEmptyRect(strip));
}

/** Beyond this number, rectangles are taken together. */
const MOST_RECTS = 12;

/** What of `whole` the rectangles cover, as a few of them. */
export function fewOf(rects: readonly Rect[], whole: Rect): Rect[] {
  const within = rects.map((rect) => intersectionOf(rect, whole)).filter((rect) => !isEmptyRect(rect));
  return within.length > MOST_RECTS ? [within.reduce(hullOf)] : within;
}

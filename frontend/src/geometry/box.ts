import type { Box, Point, Size } from './types';

/** The box between two opposite corners, in any order. */
export function boxFromCorners(a: Point, b: Point): Box {
  return {
    x0: Math.min(a.x, b.x),
    y0: Math.min(a.y, b.y),
    x1: Math.max(a.x, b.x),
    y1: Math.max(a.y, b.y),
  };
}

/** The part of a box that lies in the image (0, 0, width, height); null when they share no area. */
export function boxInImage(box: Box, { width, height }: Size): Box | null {
  const [x0, y0] = [Math.max(box.x0, 0), Math.max(box.y0, 0)];
  const [x1, y1] = [Math.min(box.x1, width), Math.min(box.y1, height)];
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : null;
}

/** Whether a continuous point lies in the image: its left and top edges belong to it. */
export function isInImage({ x, y }: Point, { width, height }: Size): boolean {
  return x >= 0 && y >= 0 && x < width && y < height;
}

/** Whether a continuous point lies in an XYWH box, as COCO stores it. */
export function isInXywh({ x, y }: Point, [left, top, width, height]: Xywh): boolean {
  return x >= left && y >= top && x < left + width && y < top + height;
}

/** XYWH in image pixels. */
export type Xywh = readonly [x: number, y: number, width: number, height: number];

/** How an image lies on the canvas. Pure affine maths; every function returns a new value. */
import type { Point, Size } from './types';

/** Screen (CSS) pixel = image pixel * scale + (x, y). */
export interface Viewport {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Most screen pixels for one image pixel. */
const LARGEST_SCALE = 64;
/** Screen pixels of the image that always stay on the canvas. */
const KEPT = 48;

export function toScreen({ scale, x, y }: Viewport, point: Point): Point {
  return { x: point.x * scale + x, y: point.y * scale + y };
}

export function toImage({ scale, x, y }: Viewport, screen: Point): Point {
  return { x: (screen.x - x) / scale, y: (screen.y - y) / scale };
}

/** The whole image, centred, with a margin of `margin` screen pixels on every side. */
export function fit(image: Size, canvas: Size, margin = 0): Viewport {
  const [width, height] = [Math.max(1, canvas.width - 2 * margin), Math.max(1, canvas.height - 2 * margin)];
  const scale = Math.min(width / image.width, height / image.height, LARGEST_SCALE);
  return {
    scale,
    x: (canvas.width - image.width * scale) / 2,
    y: (canvas.height - image.height * scale) / 2,
  };
}

/** Enlarges by `factor`; the image point under `screen` stays where it is. */
export function zoomAt(view: Viewport, screen: Point, factor: number, image: Size, canvas: Size): Viewport {
  const scale = clampScale(view.scale * factor, image, canvas);
  const fixed = toImage(view, screen);
  return { scale, x: screen.x - fixed.x * scale, y: screen.y - fixed.y * scale };
}

/** Moves the image by screen pixels. */
export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** Brings the image back to where a part of it can be seen. */
export function clampToCanvas(view: Viewport, image: Size, canvas: Size): Viewport {
  const x = clampAxis(view.x, image.width * view.scale, canvas.width);
  const y = clampAxis(view.y, image.height * view.scale, canvas.height);
  return x === view.x && y === view.y ? view : { ...view, x, y };
}

/** From half of the whole image, or its real size where that is smaller, to single pixels. */
function clampScale(scale: number, image: Size, canvas: Size): number {
  const smallest = Math.min(1, fit(image, canvas).scale / 2);
  return Math.min(LARGEST_SCALE, Math.max(smallest, scale));
}

function clampAxis(start: number, length: number, room: number): number {
  const kept = Math.min(KEPT, length, room);
  return Math.min(room - kept, Math.max(kept - length, start));
}

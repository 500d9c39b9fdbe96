/** Where the image lies on the canvas, and where the pointer is. Outside React: both change with every mouse move. */
import { clampToCanvas, fit, pan, toImage, toScreen, zoomAt, type Viewport } from '../../geometry/viewport';
import type { Box, Point, Size } from '../../geometry/types';

/** Screen pixels around an image that fits. */
const MARGIN = 24;
const NOWHERE: Size = { width: 0, height: 0 };

export interface ViewState {
  readonly viewport: Viewport;
  /** Image pixels under the pointer; null while it is elsewhere. */
  readonly pointer: Point | null;
}

export class View {
  private state: ViewState = { viewport: { scale: 1, x: 0, y: 0 }, pointer: null };
  private image: Size = NOWHERE;
  private canvas: Size = NOWHERE;
  /** Follows the canvas' size until a person zooms or pans. */
  private isFitted = true;
  private readonly listeners = new Set<() => void>();

  readonly getState = (): ViewState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Another image: seen whole. */
  showImage({ width, height }: Size): void {
    this.image = { width, height };
    this.fit();
  }

  resize(canvas: Size): void {
    this.canvas = canvas;
    if (this.isFitted) this.fit();
    else this.look(this.state.viewport);
  }

  readonly fit = (): void => {
    this.look(fit(this.image, this.canvas, MARGIN));
    this.isFitted = true;
  };

  /** `at`: canvas pixels; the middle when left out. */
  zoom(factor: number, at: Point = this.middle): void {
    this.look(zoomAt(this.state.viewport, at, factor, this.image, this.canvas));
  }

  pan(dx: number, dy: number): void {
    this.look(pan(this.state.viewport, dx, dy));
  }

  /** Canvas pixels to image pixels. */
  toImage(screen: Point): Point {
    return toImage(this.state.viewport, screen);
  }

  /** Image pixels to canvas pixels. */
  toScreen(image: Point): Point {
    return toScreen(this.state.viewport, image);
  }

  /** Moves the image by as little as brings the point, image pixels, this far from the edges of the canvas. */
  reveal(point: Point, margin: number): void {
    const { x, y } = this.toScreen(point);
    const [dx, dy] = [lacking(x, this.canvas.width, margin), lacking(y, this.canvas.height, margin)];
    if (dx !== 0 || dy !== 0) this.pan(dx, dy);
  }

  /** What the canvas shows, in image pixels; the image may end inside it. */
  get seen(): Box {
    const [start, end] = [
      this.toImage({ x: 0, y: 0 }),
      this.toImage({ x: this.canvas.width, y: this.canvas.height }),
    ];
    return { x0: start.x, y0: start.y, x1: end.x, y1: end.y };
  }

  setPointer(pointer: Point | null): void {
    this.set({ ...this.state, pointer });
  }

  private get middle(): Point {
    return { x: this.canvas.width / 2, y: this.canvas.height / 2 };
  }

  private look(viewport: Viewport): void {
    this.isFitted = false;
    this.set({ ...this.state, viewport: clampToCanvas(viewport, this.image, this.canvas) });
  }

  private set(state: ViewState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** How far a place on an axis of `length` lies within `margin` of its nearer end, or beyond it. */
function lacking(at: number, length: number, margin: number): number {
  const room = Math.min(margin, length / 2);
  if (at < room) return room - at;
  return Math.min(0, length - room - at);
}

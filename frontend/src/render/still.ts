/**
 * Photo and accepted masks as one picture, kept from frame to frame: a preview under the moving mouse costs the same on
 * an empty image and on one with a thousand masks.
 *
 * The picture is larger than the canvas. At the same scale it stays where it is on the image while the canvas moves over
 * it by whole pixels: only what came into view is painted, and where masks changed, their boxes. At its border it is shifted.
 * At another scale the last picture is stretched until the hand rests: then it is painted anew.
 */
import type { Xywh } from '../geometry/box';
import { createProgram, setFrame, Target, type Frame, type Gl, type Program } from './gl';
import {
  hullOf,
  intersectionOf,
  isEmptyRect,
  isWithin,
  rectOnCanvas,
  stripsAround,
  wholeOf,
  type Rect,
} from './rects';
import area from './shaders/area.vert.glsl?raw';
import common from './shaders/common.glsl?raw';
import stretch from './shaders/stretch.frag.glsl?raw';

/** Room for outlines around a box, CSS pixels. */
export const OUTLINE_REACH = 3;
/** Device pixels that a picture may be moved before it must be copied to make room. */
const MARGIN = 256;
const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };
/** Boxes beyond this number are not painted one by one. */
const MOST_BOXES = 32;

export interface StillPainter {
  /** Everything of the picture within `clip`, over whatever is there; the scissor is set. */
  readonly paint: (frame: Frame, clip: Rect) => void;
  /** A stand-in for what a stretched picture does not reach. */
  readonly paintBehind: (frame: Frame) => void;
}

export class Still {
  private picture: Target;
  private spare: Target;
  private readonly stretcher: Program;
  /** How the image lies in the picture, whose sides are longer than the canvas'; null while there is nothing in it. */
  private view: Frame['view'] | null = null;
  /** What of the picture is painted. */
  private painted: Rect = NOTHING;
  private stale: Xywh[] = [];

  constructor(
    private readonly gl: Gl,
    private readonly painter: StillPainter,
  ) {
    this.picture = new Target(gl, 'RGBA8', 'smooth');
    this.spare = new Target(gl, 'RGBA8', 'smooth');
    this.stretcher = createProgram(gl, common + area, common + stretch);
  }

  /** Parts of the picture, in image pixels, are no longer right; all of it when left out. */
  invalidate(boxes?: readonly Xywh[]): void {
    if (!boxes || this.stale.length + boxes.length > MOST_BOXES) this.view = null;
    else this.stale.push(...boxes);
  }

  /** Shows the picture on the canvas. False when it is only stretched: ask again, exactly, once the view rests. */
  draw(frame: Frame, isExact: boolean): boolean {
    if (this.picture.resize(frame.width + 2 * MARGIN, frame.height + 2 * MARGIN)) this.view = null;
    if (this.view && this.view.scale !== frame.view.scale) {
      if (!isExact) {
        this.drawStretched(frame, this.view);
        return false;
      }
      this.view = null;
    }
    const view = this.viewFor(frame, this.view);
    this.repaint({ ...this.pictureFrame(frame), view }, seenPart(frame, view));
    this.picture.copyToCanvas(seenPart(frame, view));
    return true;
  }

  /** Of a picture that holds all that is seen; what is painted moves with it. */
  private viewFor(frame: Frame, before: Frame['view'] | null): Frame['view'] {
    const whole = wholeOf(this.pictureFrame(frame));
    if (before && isWithin(seenPart(frame, before), whole)) return before;
    const view = { ...frame.view, x: frame.view.x + MARGIN, y: frame.view.y + MARGIN };
    this.view = view;
    if (before) this.shift(frame, view.x - before.x, view.y - before.y);
    else this.painted = NOTHING;
    return view;
  }

  private shift(frame: Frame, dx: number, dy: number): void {
    const { width, height } = this.pictureFrame(frame);
    this.spare.resize(width, height);
    this.picture.copyTo(this.spare, dx, -dy);
    [this.picture, this.spare] = [this.spare, this.picture];
    const { x0, y0, x1, y1 } = this.painted;
    const moved = { x0: x0 + dx, y0: y0 + dy, x1: x1 + dx, y1: y1 + dy };
    this.painted = intersectionOf(moved, { x0: 0, y0: 0, x1: width, y1: height });
  }

  /** What came into view, and what is no longer right. What is painted stays one rectangle. */
  private repaint(frame: Frame, seen: Rect): void {
    const isApart = isEmptyRect(intersectionOf(this.painted, seen));
    const all = isApart ? seen : hullOf(this.painted, seen);
    const missing = isApart ? [seen] : stripsAround(all, this.painted);
    const rects = [...missing, ...this.staleRects(frame, isApart ? NOTHING : this.painted)];
    this.painted = all;
    this.stale = [];
    if (rects.length === 0) return;
    this.picture.begin(frame.width, frame.height);
    this.within(rects, frame, (rect) => this.painter.paint(frame, rect));
  }

  private within(rects: readonly Rect[], { height }: Frame, paint: (rect: Rect) => void): void {
    const { gl } = this;
    gl.enable(gl.SCISSOR_TEST);
    for (const rect of rects) {
      gl.scissor(rect.x0, height - rect.y1, rect.x1 - rect.x0, rect.y1 - rect.y0);
      paint(rect);
    }
    gl.disable(gl.SCISSOR_TEST);
  }

  private staleRects(frame: Frame, painted: Rect): Rect[] {
    const margin = OUTLINE_REACH * frame.ratio + 1;
    return this.stale
      .map((box) => intersectionOf(rectOnCanvas(box, frame, margin), painted))
      .filter((rect) => !isEmptyRect(rect));
  }

  private drawStretched(frame: Frame, before: Frame['view']): void {
    const { gl, stretcher, painted } = this;
    const factor = frame.view.scale / before.scale;
    const [x, y] = [frame.view.x - before.x * factor, frame.view.y - before.y * factor];
    const [x0, y0] = [painted.x0 * factor + x, painted.y0 * factor + y];
    const [x1, y1] = [painted.x1 * factor + x, painted.y1 * factor + y];
    // As after a blit, the canvas is cleared by whatever comes first.
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, frame.width, frame.height);
    const behind = stripsAround(wholeOf(frame), insideOf({ x0, y0, x1, y1 }));
    this.within(behind, frame, () => this.painter.paintBehind(frame));
    setFrame(gl, stretcher, frame);
    gl.uniform4f(stretcher.uniform('u_area'), x0, y0, x1, y1);
    gl.uniform3f(stretcher.uniform('u_stretch'), factor, x, y);
    gl.bindTexture(gl.TEXTURE_2D, this.picture.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** The canvas with a margin on every side. */
  private pictureFrame(frame: Frame): Frame {
    return { ...frame, width: frame.width + 2 * MARGIN, height: frame.height + 2 * MARGIN };
  }
}

/** Where the canvas lies in a picture of that view. */
function seenPart(frame: Frame, view: Frame['view']): Rect {
  const [x0, y0] = [view.x - frame.view.x, view.y - frame.view.y];
  return { x0, y0, x1: x0 + frame.width, y1: y0 + frame.height };
}

/** The whole pixels of an area. */
function insideOf({ x0, y0, x1, y1 }: Rect): Rect {
  return { x0: Math.ceil(x0), y0: Math.ceil(y0), x1: Math.floor(x1), y1: Math.floor(y1) };
}

/**
 * Photo and accepted masks as one picture, kept from frame to frame: a preview under the moving mouse costs the same on
 * an empty image and on one with a thousand masks.
 *
 * At the same scale the picture is shifted by whole pixels and only what came into view is painted; where masks changed,
 * only their boxes are. At another scale the last picture is stretched until the hand rests: then it is painted anew.
 */
import type { Xywh } from '../geometry/box';
import { createProgram, setFrame, Target, type Frame, type Gl, type Program } from './gl';
import { areaOfRect, isEmptyRect, rectOnCanvas, stripsAround, wholeOf, type Rect } from './rects';
import area from './shaders/area.vert.glsl?raw';
import common from './shaders/common.glsl?raw';
import stretch from './shaders/stretch.frag.glsl?raw';

/** Room for outlines around a box, CSS pixels. */
export const OUTLINE_REACH = 3;
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
  /** Of the picture; null while there is none. */
  private view: Frame['view'] | null = null;
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
    const isSameSize = !this.picture.resize(frame.width, frame.height);
    const isSameScale = this.view?.scale === frame.view.scale;
    if (isSameSize && this.view && !isSameScale && !isExact) {
      this.drawStretched(frame, this.view);
      return false;
    }
    this.repaint(frame, isSameSize && isSameScale ? this.view : null);
    this.picture.blitToCanvas();
    return true;
  }

  private repaint(frame: Frame, view: Frame['view'] | null): void {
    const whole = wholeOf(frame);
    let rects = view ? [...this.shift(frame, view), ...this.staleRects(frame)] : [whole];
    if (rects.reduce((sum, rect) => sum + areaOfRect(rect), 0) > areaOfRect(whole)) rects = [whole];
    this.view = frame.view;
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

  /** Moves the picture to where it belongs; what it leaves empty. */
  private shift(frame: Frame, before: Frame['view']): Rect[] {
    const [dx, dy] = [frame.view.x - before.x, frame.view.y - before.y];
    if (dx === 0 && dy === 0) return [];
    const { width, height } = frame;
    const whole = wholeOf(frame);
    const empty = stripsAround(whole, { x0: dx, y0: dy, x1: width + dx, y1: height + dy });
    this.spare.resize(width, height);
    this.picture.copyTo(this.spare, dx, -dy);
    [this.picture, this.spare] = [this.spare, this.picture];
    return empty;
  }

  private staleRects(frame: Frame): Rect[] {
    const margin = OUTLINE_REACH * frame.ratio + 1;
    return this.stale.map((box) => rectOnCanvas(box, frame, margin)).filter((rect) => !isEmptyRect(rect));
  }

  private drawStretched(frame: Frame, before: Frame['view']): void {
    const { gl, stretcher } = this;
    const factor = frame.view.scale / before.scale;
    const [x, y] = [frame.view.x - before.x * factor, frame.view.y - before.y * factor];
    const area = { x0: x, y0: y, x1: x + frame.width * factor, y1: y + frame.height * factor };
    // As after a blit, the canvas is cleared by whatever comes first.
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, frame.width, frame.height);
    const behind = stripsAround(wholeOf(frame), insideOf(area));
    this.within(behind, frame, () => this.painter.paintBehind(frame));
    setFrame(gl, stretcher, frame);
    gl.uniform4f(stretcher.uniform('u_area'), area.x0, area.y0, area.x1, area.y1);
    gl.uniform3f(stretcher.uniform('u_stretch'), factor, x, y);
    gl.bindTexture(gl.TEXTURE_2D, this.picture.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}

/** The whole pixels of an area. */
function insideOf({ x0, y0, x1, y1 }: Rect): Rect {
  return { x0: Math.ceil(x0), y0: Math.ceil(y0), x1: Math.floor(x1), y1: Math.floor(y1) };
}

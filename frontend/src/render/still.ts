/**
 * Photo and accepted masks as one picture, kept from frame to frame: a preview under the moving mouse costs the same on
 * an empty image and on one with a thousand masks.
 *
 * The picture is larger than the canvas. At the same scale it stays where it is on the image while the canvas moves over
 * it by whole pixels; at its border it is shifted. It is painted strip by strip, as much in a frame as leaves the hand its
 * frames (pace.ts): first what is seen, and ahead of the hand while nothing else happens. Until a part is painted, the last
 * picture stretched to the new scale stands in for it, or the photo alone. A zoom is painted once it rests.
 */
import type { Xywh } from '../geometry/box';
import { createProgram, setFrame, Target, type Frame, type Gl, type Program } from './gl';
import { nextStrip } from './growth';
import { Pace } from './pace';
import {
  areaOfRect,
  hullOf,
  intersectionOf,
  isEmptyRect,
  isWithin,
  movedBy,
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
/** A zoom rests when no other step follows it for so long, milliseconds. */
export const REST_MS = 100;
/** Device pixels that a picture may be moved before it must be copied to make room. */
const MARGIN = 256;
const NOTHING: Rect = { x0: 0, y0: 0, x1: 0, y1: 0 };
/** Boxes beyond this number are not painted one by one. */
const MOST_BOXES = 32;

export interface StillPainter {
  /** Everything of the picture within `clip`, over whatever is there; the scissor is set. */
  readonly paint: (frame: Frame, clip: Rect) => void;
  /** A stand-in for what no picture reaches. */
  readonly paintBehind: (frame: Frame) => void;
}

/** What a frame brought. */
export interface StillNews {
  /** Where the canvas must be shown anew although the view stays; null: everywhere. */
  readonly changed: readonly Rect[] | null;
  /** `painting` goes on in the next frame, `resting` once no zoom follows. */
  readonly state: 'exact' | 'painting' | 'resting';
}

interface Picture {
  readonly target: Target;
  /** How the image lies in it; null while there is nothing in it. */
  view: Frame['view'] | null;
  /** What of it is painted. */
  painted: Rect;
}

export class Still {
  /** At the scale of the view. */
  private picture: Picture;
  /** What stands in for it: the last one that was complete. */
  private before: Picture;
  private readonly stretcher: Program;
  private readonly pace = new Pace();
  private stale: Xywh[] = [];
  private isComplete = false;
  private isForgotten = true;
  private restsAt = -Infinity;

  constructor(
    private readonly gl: Gl,
    private readonly painter: StillPainter,
  ) {
    [this.picture, this.before] = [createPicture(gl), createPicture(gl)];
    this.stretcher = createProgram(gl, common + area, common + stretch);
  }

  /** Parts of the picture, in image pixels, are no longer right; all of it when left out. It stands in for the new one. */
  invalidate(boxes?: readonly Xywh[]): void {
    if (!boxes || this.stale.length + boxes.length > MOST_BOXES) this.retire();
    else this.stale.push(...boxes);
  }

  /** Nothing of the picture is right, not even for a moment. */
  forget(): void {
    for (const picture of [this.picture, this.before]) empty(picture);
    this.isComplete = false;
    this.isForgotten = true;
  }

  /** Paints what is missing in this frame; all of it when the frame is to be exact. */
  update(frame: Frame, isExact: boolean): StillNews {
    const view = this.follow(frame);
    const seen = seenPart(frame, view);
    const changed = this.mend({ ...this.pictureFrame(frame), view });
    const isResting = !isExact && performance.now() < this.restsAt;
    if (!isResting) changed.push(...this.paint(frame, seen, isExact));
    this.isComplete = !isEmptyRect(this.picture.painted) && isWithin(seen, this.picture.painted);
    if (this.isComplete) empty(this.before);
    const isNew = this.isForgotten;
    this.isForgotten = false;
    return {
      changed: isNew ? null : changed.map((rect) => movedBy(rect, -seen.x0, -seen.y0)),
      state: this.isComplete ? 'exact' : isResting ? 'resting' : 'painting',
    };
  }

  /** Paints some of what the hand may reach next. False when there is nothing left to paint. */
  paintAhead(frame: Frame): boolean {
    if (!this.isComplete || this.picture.view?.scale !== frame.view.scale) return false;
    return this.paint(frame, wholeOf(this.pictureFrame(frame)), false).length > 0;
  }

  /** Shows parts of the canvas: as they are painted, or what stands in for them. */
  show(frame: Frame, rects: readonly Rect[]): void {
    const { picture } = this;
    if (!picture.view) return;
    const seen = seenPart(frame, picture.view);
    for (const rect of rects) {
      const exact = intersectionOf(rect, movedBy(picture.painted, -seen.x0, -seen.y0));
      for (const strip of stripsAround(rect, exact)) this.standIn(frame, strip);
      if (!isEmptyRect(exact)) picture.target.copyToCanvas(exact, seen);
    }
  }

  /** How the image lies in the picture at this scale. */
  private follow(frame: Frame): Frame['view'] {
    const size = this.pictureFrame(frame);
    for (const picture of [this.picture, this.before]) {
      if (picture.target.resize(size.width, size.height)) empty(picture);
    }
    const { view } = this.picture;
    if (view && view.scale !== frame.view.scale) {
      this.retire();
      this.restsAt = performance.now() + REST_MS;
    }
    return this.place(frame);
  }

  /** So that the picture holds all that is seen; what is painted moves with it. */
  private place(frame: Frame): Frame['view'] {
    const size = this.pictureFrame(frame);
    const { view } = this.picture;
    if (view && isWithin(seenPart(frame, view), wholeOf(size))) return view;
    const placed = { ...frame.view, x: frame.view.x + MARGIN, y: frame.view.y + MARGIN };
    if (view) this.shift(placed.x - view.x, placed.y - view.y, wholeOf(size));
    this.picture.view = placed;
    return placed;
  }

  private shift(dx: number, dy: number, whole: Rect): void {
    const { picture, before } = this;
    picture.target.copyTo(before.target, dx, -dy);
    before.painted = intersectionOf(movedBy(picture.painted, dx, dy), whole);
    empty(picture);
    [this.picture, this.before] = [before, picture];
  }

  /** A complete picture stands in for the next one. */
  private retire(): void {
    if (this.isComplete) [this.picture, this.before] = [this.before, this.picture];
    empty(this.picture);
    this.isComplete = false;
  }

  /** Paints what came into view. Returns what it painted. What is painted stays one rectangle. */
  private paint(frame: Frame, goal: Rect, isExact: boolean): Rect[] {
    const { picture } = this;
    const first = nextStrip(picture.painted, goal, Infinity);
    if (!first || !picture.view) return [];
    const strips: Rect[] = [];
    let left = isExact ? Infinity : this.pace.next(performance.now());
    while (left > 0) {
      const strip = nextStrip(picture.painted, goal, left);
      if (!strip) break;
      const isApart = isEmptyRect(intersectionOf(picture.painted, goal));
      picture.painted = isApart ? strip : hullOf(picture.painted, strip);
      strips.push(strip);
      left -= areaOfRect(strip);
    }
    this.paintRects({ ...this.pictureFrame(frame), view: picture.view }, strips);
    return strips;
  }

  /** Paints anew where masks have changed. */
  private mend(frame: Frame): Rect[] {
    const margin = OUTLINE_REACH * frame.ratio + 1;
    const rects = this.stale
      .map((box) => intersectionOf(rectOnCanvas(box, frame, margin), this.picture.painted))
      .filter((rect) => !isEmptyRect(rect));
    this.stale = [];
    this.paintRects(frame, rects);
    return rects;
  }

  private paintRects(frame: Frame, rects: readonly Rect[]): void {
    if (rects.length === 0) return;
    this.picture.target.begin(frame.width, frame.height);
    this.within(rects, frame, (rect) => this.painter.paint(frame, rect));
    this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
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

  /** The last picture, stretched, as far as it reaches; the photo around it. */
  private standIn(frame: Frame, rect: Rect): void {
    const { gl, before } = this;
    gl.viewport(0, 0, frame.width, frame.height);
    const stretched = before.view && stretchedArea(frame, before.view, before.painted);
    const inside = stretched ? intersectionOf(rect, insideOf(stretched.area)) : NOTHING;
    this.within(stripsAround(rect, inside), frame, () => this.painter.paintBehind(frame));
    if (stretched && !isEmptyRect(inside)) {
      this.within([inside], frame, () => this.drawStretched(frame, stretched));
    }
  }

  private drawStretched(frame: Frame, { area: { x0, y0, x1, y1 }, factor, x, y }: Stretched): void {
    const { gl, stretcher } = this;
    setFrame(gl, stretcher, frame);
    gl.uniform4f(stretcher.uniform('u_area'), x0, y0, x1, y1);
    gl.uniform3f(stretcher.uniform('u_stretch'), factor, x, y);
    gl.bindTexture(gl.TEXTURE_2D, this.before.target.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  /** The canvas with a margin on every side. */
  private pictureFrame(frame: Frame): Frame {
    return { ...frame, width: frame.width + 2 * MARGIN, height: frame.height + 2 * MARGIN };
  }
}

function createPicture(gl: Gl): Picture {
  return { target: new Target(gl, 'RGBA8', 'smooth'), view: null, painted: NOTHING };
}

function empty(picture: Picture): void {
  picture.view = null;
  picture.painted = NOTHING;
}

/** Where the canvas lies in a picture of that view. */
function seenPart(frame: Frame, view: Frame['view']): Rect {
  const [x0, y0] = [view.x - frame.view.x, view.y - frame.view.y];
  return { x0, y0, x1: x0 + frame.width, y1: y0 + frame.height };
}

/** Where a picture of another scale lies on the canvas: canvas = picture * factor + (x, y). */
interface Stretched {
  readonly area: Rect;
  readonly factor: number;
  readonly x: number;
  readonly y: number;
}

function stretchedArea(frame: Frame, view: Frame['view'], painted: Rect): Stretched {
  const factor = frame.view.scale / view.scale;
  const [x, y] = [frame.view.x - view.x * factor, frame.view.y - view.y * factor];
  const { x0, y0, x1, y1 } = painted;
  const stretched = { x0: x0 * factor + x, y0: y0 * factor + y, x1: x1 * factor + x, y1: y1 * factor + y };
  return { area: stretched, factor, x, y };
}

/** The whole pixels of an area. */
function insideOf({ x0, y0, x1, y1 }: Rect): Rect {
  return { x0: Math.ceil(x0), y0: Math.ceil(y0), x1: Math.floor(x1), y1: Math.floor(y1) };
}

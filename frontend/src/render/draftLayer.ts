/**
 * A mask while it is changed by hand, and masks in the making that are there at full size. What it is made of is drawn
 * into a picture of planes - red the mask before, green the stroke, blue the inside of the rings - which is kept while the
 * view stays: a stroke adds its new dabs and nothing else. Then fill and outline are drawn from the planes.
 */
import { BitPlane } from './bitPlane';
import { rgbOf } from './color';
import { areaOfDraft, shapeOfBase, shapeOfRings } from './draftShape';
import { createProgram, isSameFrame, setFrame, Target, type Frame, type Gl, type Program } from './gl';
import { isEmptyRect, type Rect } from './rects';
import type { DraftOperation, SceneDab, SceneDraft, SceneFullCandidate, SceneShape } from './scene';
import area from './shaders/area.vert.glsl?raw';
import common from './shaders/common.glsl?raw';
import inside from './shaders/draft.frag.glsl?raw';
import paint from './shaders/paint.glsl?raw';
import { StrokePlane } from './strokePlane';

const FILL = { preview: 0.3, fixed: 0.5 } as const;
const OPERATION: Readonly<Record<DraftOperation, number>> = { add: 1, subtract: 2, intersect: 3 };

/** What the planes hold. */
interface Drawn {
  readonly frame: Frame;
  base: SceneShape | null;
  dabs: number;
  lastDab: SceneDab | undefined;
  rings: SceneShape | null;
}

export class DraftLayer {
  private readonly paint: Program;
  private readonly planes: Target;
  private readonly bits: BitPlane;
  private readonly ringBits: BitPlane;
  private readonly stroke: StrokePlane;
  private drawn: Drawn | null = null;

  constructor(private readonly gl: Gl) {
    this.paint = createProgram(gl, common + area, common + inside + paint);
    this.planes = new Target(gl, 'RGBA8');
    this.bits = new BitPlane(gl);
    this.ringBits = new BitPlane(gl);
    this.stroke = new StrokePlane(gl);
  }

  /** `outlineOnly` leaves the fill out. */
  draw(frame: Frame, draft: SceneDraft, outlineOnly: boolean): void {
    this.drawDraft(frame, draft, outlineOnly ? 0 : FILL.fixed);
  }

  drawFull(frame: Frame, { color, preview, ...base }: SceneFullCandidate, outlineOnly: boolean): void {
    const fill = preview ? FILL.preview : FILL.fixed;
    this.drawDraft(frame, { base, stroke: null, rings: null, color }, outlineOnly ? 0 : fill);
  }

  private drawDraft(frame: Frame, draft: SceneDraft, fill: number): void {
    const where = areaOfDraft(frame, draft);
    if (isEmptyRect(where)) return;
    this.updatePlanes(frame, draft);
    this.paintMask(frame, where, draft, fill);
  }

  private updatePlanes(frame: Frame, { base, stroke, rings }: SceneDraft): void {
    const { gl, planes } = this;
    const drawn = this.begin(frame);
    planes.begin(frame.width, frame.height);
    gl.disable(gl.BLEND);
    this.updateBase(frame, drawn, base && shapeOfBase(base, frame.imageSize));
    this.updateStroke(frame, drawn, stroke?.dabs ?? []);
    this.updateRings(frame, drawn, rings && shapeOfRings(rings, frame.imageSize));
    gl.colorMask(true, true, true, true);
    gl.enable(gl.BLEND);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** What can be kept of the planes. */
  private begin(frame: Frame): Drawn {
    const { drawn } = this;
    if (drawn && isSameFrame(drawn.frame, frame)) return drawn;
    const { gl, planes } = this;
    planes.begin(frame.width, frame.height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.drawn = { frame, base: null, dabs: 0, lastDab: undefined, rings: null };
    return this.drawn;
  }

  private updateBase(frame: Frame, drawn: Drawn, base: SceneShape | null): void {
    if (drawn.base?.segmentation === base?.segmentation) return;
    this.clearChannel('red');
    if (base) this.bits.draw(frame, base);
    drawn.base = base;
  }

  private updateStroke(frame: Frame, drawn: Drawn, dabs: readonly SceneDab[]): void {
    const goesOn = dabs.length >= drawn.dabs && dabs[drawn.dabs - 1] === drawn.lastDab;
    if (!goesOn) {
      this.clearChannel('green');
      drawn.dabs = 0;
    }
    if (dabs.length > drawn.dabs) {
      this.gl.colorMask(false, true, false, false);
      this.stroke.draw(frame, dabs, drawn.dabs);
    }
    drawn.dabs = dabs.length;
    drawn.lastDab = dabs.at(-1);
  }

  private updateRings(frame: Frame, drawn: Drawn, rings: SceneShape | null): void {
    if (drawn.rings?.segmentation === rings?.segmentation) return;
    this.clearChannel('blue');
    if (rings) this.ringBits.draw(frame, rings);
    drawn.rings = rings;
  }

  /** Leaves it open for drawing, and the others closed. */
  private clearChannel(channel: 'red' | 'green' | 'blue'): void {
    const { gl } = this;
    gl.colorMask(channel === 'red', channel === 'green', channel === 'blue', false);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  private paintMask(frame: Frame, where: Rect, { stroke, rings, color }: SceneDraft, fill: number): void {
    const { gl, paint } = this;
    setFrame(gl, paint, frame);
    gl.viewport(0, 0, frame.width, frame.height);
    const operations = [stroke, rings].map((part) => (part ? OPERATION[part.operation] : 0));
    gl.uniform2iv(paint.uniform('u_operations'), operations);
    gl.uniform3f(paint.uniform('u_color'), ...rgbOf(color));
    gl.uniform1f(paint.uniform('u_fill'), fill);
    gl.uniform4f(paint.uniform('u_area'), where.x0, where.y0, where.x1, where.y1);
    gl.bindTexture(gl.TEXTURE_2D, this.planes.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}

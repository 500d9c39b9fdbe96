/**
 * Masks in the making, straight from the decoder's logits. First the mask is cut at canvas resolution into a picture of
 * its own, only where the logits say that there can be any; then fill and outline are drawn from that picture.
 */
import { sizeOfCrop } from '../geometry/crops';
import type { MaskLogits } from '../geometry/decoding';
import { LOGIT_SIDE, inputSize } from '../geometry/upsample';
import { areaOfCandidate, type Area } from './candidateArea';
import { rgbOf } from './color';
import { createDataTexture, createProgram, setFrame, Target, type Frame, type Gl, type Program } from './gl';
import type { SceneCandidate } from './scene';
import area from './shaders/area.vert.glsl?raw';
import inside from './shaders/candidate.frag.glsl?raw';
import paint from './shaders/paint.glsl?raw';
import common from './shaders/common.glsl?raw';
import cut from './shaders/logits.frag.glsl?raw';

const FILL = { preview: 0.3, fixed: 0.5 } as const;

export class CandidateLayer {
  private readonly cut: Program;
  private readonly paint: Program;
  private readonly texture: WebGLTexture;
  private readonly mask: Target;

  constructor(private readonly gl: Gl) {
    this.cut = createProgram(gl, common + area, common + cut);
    this.paint = createProgram(gl, common + area, common + inside + paint);
    this.texture = createDataTexture(gl);
    this.mask = new Target(gl, 'R8');
  }

  draw(frame: Frame, candidate: SceneCandidate, outlineOnly: boolean): void {
    const where = areaOfCandidate(frame, candidate);
    if (!where) return;
    this.upload(candidate.logits);
    this.cutMask(frame, where, candidate);
    const fill = candidate.preview ? FILL.preview : FILL.fixed;
    this.paintMask(frame, where, candidate.color, outlineOnly ? 0 : fill);
  }

  private upload(values: Float32Array): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, LOGIT_SIDE, LOGIT_SIDE, 0, gl.RED, gl.FLOAT, values);
  }

  private cutMask(frame: Frame, where: Area, { crop, inputSide }: MaskLogits): void {
    const { gl, cut } = this;
    const input = inputSize(sizeOfCrop(crop), inputSide);
    this.mask.begin(frame.width, frame.height);
    gl.disable(gl.BLEND);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    setFrame(gl, cut, frame);
    gl.uniform2f(cut.uniform('u_input'), input.width, input.height);
    gl.uniform1f(cut.uniform('u_cell'), inputSide / LOGIT_SIDE);
    gl.uniform4f(cut.uniform('u_crop'), ...crop);
    gl.uniform4f(cut.uniform('u_area'), ...where);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    gl.enable(gl.BLEND);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  private paintMask(frame: Frame, where: Area, color: string, fill: number): void {
    const { gl, paint } = this;
    setFrame(gl, paint, frame);
    gl.uniform3f(paint.uniform('u_color'), ...rgbOf(color));
    gl.uniform1f(paint.uniform('u_fill'), fill);
    gl.uniform4f(paint.uniform('u_area'), ...where);
    gl.bindTexture(gl.TEXTURE_2D, this.mask.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}

/** One mask as bits in a texture of its own, drawn into the picture of a draft: the pixel under each device pixel. */
import { createDataTexture, createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { packMask } from './maskBits';
import { rectOnCanvas } from './rects';
import type { SceneShape } from './scene';
import area from './shaders/area.vert.glsl?raw';
import common from './shaders/common.glsl?raw';
import plane from './shaders/plane.frag.glsl?raw';

/** Words in a row of the texture, as a power of two; the rows suffice for any image that the page opens. */
const SHIFT = 11;

export class BitPlane {
  private readonly program: Program;
  private readonly texture: WebGLTexture;
  private uploaded: SceneShape | null = null;
  private stride = 0;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + area, common + plane);
    this.texture = createDataTexture(gl);
  }

  /** Writes 1 where the mask is, into the channels that the colour mask lets through. */
  draw(frame: Frame, shape: SceneShape): void {
    if (this.uploaded?.segmentation !== shape.segmentation) this.upload(shape);
    const { gl, program } = this;
    setFrame(gl, program, frame);
    const { x0, y0, x1, y1 } = rectOnCanvas(shape.bbox, frame);
    gl.uniform4f(program.uniform('u_area'), x0, y0, x1, y1);
    gl.uniform4i(program.uniform('u_box'), ...shape.bbox);
    gl.uniform2i(program.uniform('u_rows'), this.stride, SHIFT);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private upload(shape: SceneShape): void {
    const { gl } = this;
    const { words, stride } = packMask(shape.segmentation, shape.bbox);
    const rows = Math.max(1, Math.ceil(words.length / (1 << SHIFT)));
    const padded = new Uint32Array(rows << SHIFT);
    padded.set(words);
    const [format, type] = [gl.RED_INTEGER, gl.UNSIGNED_INT];
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32UI, 1 << SHIFT, rows, 0, format, type, padded);
    this.uploaded = shape;
    this.stride = stride;
  }
}

/** A stroke of the brush, drawn into the picture of a draft: each two dabs as the hull of their discs. */
import { createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import type { SceneDab } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/dabs.frag.glsl?raw';
import vertex from './shaders/dabs.vert.glsl?raw';

/** First dab: whole pixels (2), the rest of its position (2), radius; second dab: offset from the first (2), radius. */
const HULL_VALUES = 8;

export class StrokePlane {
  private readonly program: Program;
  private readonly vertices: WebGLVertexArrayObject;
  private readonly hulls: WebGLBuffer;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    this.hulls = gl.createBuffer();
    this.vertices = this.describeHulls();
  }

  /** Writes 1 where the stroke is from dab `first` on, into the channels that the colour mask lets through. */
  draw(frame: Frame, dabs: readonly SceneDab[], first: number): void {
    const values = hullValues(dabs, first);
    if (values.length === 0) return;
    const { gl } = this;
    setFrame(gl, this.program, frame);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.hulls);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STREAM_DRAW);
    gl.bindVertexArray(this.vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, values.length / HULL_VALUES);
    gl.bindVertexArray(null);
  }

  private describeHulls(): WebGLVertexArrayObject {
    const { gl } = this;
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.hulls);
    for (const [location, size, offset] of [
      [0, 4, 0],
      [1, 4, 16],
    ] as const) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl.FLOAT, false, HULL_VALUES * 4, offset);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.bindVertexArray(null);
    return vertices;
  }
}

/** The hulls that dab `first` and those after it end; relative positions keep their precision on large images. */
function hullValues(dabs: readonly SceneDab[], first: number): Float32Array {
  const values = new Float32Array((dabs.length - first) * HULL_VALUES);
  for (let i = first; i < dabs.length; i += 1) {
    const to = dabs[i];
    const from = dabs[i - 1] ?? to;
    if (!from || !to) continue;
    const [x, y] = [Math.floor(from.x), Math.floor(from.y)];
    const hull = [x, y, from.x - x, from.y - y, from.radius, to.x - from.x, to.y - from.y, to.radius];
    values.set(hull, (i - first) * HULL_VALUES);
  }
  return values;
}

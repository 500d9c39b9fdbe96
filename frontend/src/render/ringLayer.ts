/** The lines of polygons and lassos: white on dark, crisp at every zoom. */
import { createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import type { SceneRings } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/lines.frag.glsl?raw';
import vertex from './shaders/lines.vert.glsl?raw';

/** From and to, canvas pixels. */
const LINE_VALUES = 4;
/** The dark line, then the white one on it: width in CSS pixels, brightness, opacity. */
const STROKES = [
  [3.5, 0, 0.7],
  [1.5, 1, 1],
] as const;

export class RingLayer {
  private readonly program: Program;
  private readonly vertices: WebGLVertexArrayObject;
  private readonly lines: WebGLBuffer;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    this.lines = gl.createBuffer();
    this.vertices = gl.createVertexArray();
    gl.bindVertexArray(this.vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.lines);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, LINE_VALUES, gl.FLOAT, false, 0, 0);
    gl.vertexAttribDivisor(0, 1);
    gl.bindVertexArray(null);
  }

  draw(frame: Frame, rings: SceneRings): void {
    const values = lineValues(rings, frame);
    if (values.length === 0) return;
    const { gl, program } = this;
    setFrame(gl, program, frame);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.lines);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STREAM_DRAW);
    gl.bindVertexArray(this.vertices);
    for (const stroke of STROKES) {
      gl.uniform3fv(program.uniform('u_stroke'), stroke);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, values.length / LINE_VALUES);
    }
    gl.bindVertexArray(null);
  }
}

/** Each side of each ring; the last side of the last ring is missing while it is open. */
export function lineValues({ rings, isClosed }: SceneRings, { view }: Frame): Float32Array {
  const values: number[] = [];
  rings.forEach((ring, at) => {
    const isOpen = !isClosed && at === rings.length - 1;
    ring.forEach((from, i) => {
      const to = ring[i + 1] ?? (isOpen ? undefined : ring[0]);
      if (to === undefined) return;
      for (const { x, y } of [from, to]) values.push(x * view.scale + view.x, y * view.scale + view.y);
    });
  });
  return Float32Array.from(values);
}

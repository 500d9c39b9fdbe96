/** Points, boxes and the crosshair, on top of everything. */
import { createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { MARK_VALUES, markValues } from './marks';
import type { Scene } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/marks.frag.glsl?raw';
import vertex from './shaders/marks.vert.glsl?raw';

export class MarkLayer {
  private readonly program: Program;
  private readonly vertices: WebGLVertexArrayObject;
  private readonly instances: WebGLBuffer;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    this.instances = gl.createBuffer();
    this.vertices = gl.createVertexArray();
    this.describeInstances();
  }

  draw(frame: Frame, scene: Scene): void {
    const values = markValues(scene, frame);
    if (values.length === 0) return;
    const { gl } = this;
    setFrame(gl, this.program, frame);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STREAM_DRAW);
    gl.bindVertexArray(this.vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, values.length / MARK_VALUES);
    gl.bindVertexArray(null);
  }

  private describeInstances(): void {
    const { gl } = this;
    gl.bindVertexArray(this.vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    for (const [location, size, offset] of [
      [0, 4, 0],
      [1, 1, 16],
    ] as const) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl.FLOAT, false, MARK_VALUES * 4, offset);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.bindVertexArray(null);
  }
}

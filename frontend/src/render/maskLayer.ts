/** The accepted masks: one instanced draw, whatever their number. */
import { createDataTexture, createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { packMask } from './maskBits';
import type { Scene, SceneMask } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/masks.frag.glsl?raw';
import vertex from './shaders/masks.vert.glsl?raw';
import { WordHeap, type Changed } from './wordHeap';

/** Width of the heap's texture in words: a power of two that every WebGL2 device has. */
const HEAP_SHIFT = 11;
const HEAP_WIDTH = 1 << HEAP_SHIFT;

/** 32-bit values of an instance: box (4), first word, words a row, colour, emphasis. */
const INSTANCE_VALUES = 8;
const INSTANCE_BYTES = INSTANCE_VALUES * 4;

const EMPHASIS = { none: 0, hovered: 1, selected: 2 } as const;

type Look = Pick<Scene, 'masks' | 'hoveredId' | 'selectedId'>;

export class MaskLayer {
  private readonly program: Program;
  private readonly heap: WordHeap;
  private readonly texture: WebGLTexture;
  private readonly vertices: WebGLVertexArrayObject;
  private readonly instances: WebGLBuffer;
  private readonly uploaded = new Map<string, { mask: SceneMask; stride: number }>();
  private count = 0;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    this.heap = new WordHeap(HEAP_WIDTH, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
    this.texture = createDataTexture(gl);
    this.upload({ first: 0, end: this.heap.rows, all: true });
    this.instances = gl.createBuffer();
    this.vertices = gl.createVertexArray();
    this.describeInstances();
  }

  /** Uploads what is new; masks are the same while their segmentation is the same object. */
  update(look: Look): void {
    this.removeGone(look.masks);
    for (const mask of look.masks) this.place(mask);
    this.fillInstances(look);
  }

  draw(frame: Frame): void {
    if (this.count === 0) return;
    const { gl, program } = this;
    setFrame(gl, program, frame);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(program.uniform('u_heapShift'), HEAP_SHIFT);
    gl.bindVertexArray(this.vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, this.count);
    gl.bindVertexArray(null);
  }

  private removeGone(masks: readonly SceneMask[]): void {
    const present = new Set(masks.map(({ id }) => id));
    for (const id of this.uploaded.keys()) {
      if (present.has(id)) continue;
      this.uploaded.delete(id);
      this.heap.remove(id);
    }
  }

  private place(mask: SceneMask): void {
    if (this.uploaded.get(mask.id)?.mask.segmentation === mask.segmentation) return;
    const { words, stride } = packMask(mask.segmentation, mask.bbox);
    this.upload(this.heap.add(mask.id, words));
    this.uploaded.set(mask.id, { mask, stride });
  }

  private upload({ first, end, all }: Changed): void {
    const { gl, heap } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const [format, type] = [gl.RED_INTEGER, gl.UNSIGNED_INT];
    if (all) {
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32UI, HEAP_WIDTH, heap.rows, 0, format, type, heap.words);
      return;
    }
    const rows = heap.words.subarray(first * HEAP_WIDTH, end * HEAP_WIDTH);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, first, HEAP_WIDTH, end - first, format, type, rows);
  }

  private fillInstances({ masks, hoveredId, selectedId }: Look): void {
    const emphasisOf = (id: string) =>
      id === selectedId ? EMPHASIS.selected : id === hoveredId ? EMPHASIS.hovered : EMPHASIS.none;
    // Large masks first, so that parts stay visible on their whole; the selected one on top of all.
    const ordered = [...masks].sort(
      (a, b) => Number(a.id === selectedId) - Number(b.id === selectedId) || b.area - a.area,
    );
    const values = new Uint32Array(ordered.length * INSTANCE_VALUES);
    ordered.forEach((mask, i) => {
      const stride = this.uploaded.get(mask.id)?.stride ?? 0;
      const start = this.heap.startOf(mask.id) ?? 0;
      const color = parseInt(mask.color.slice(1), 16);
      values.set([...mask.bbox, start, stride, color, emphasisOf(mask.id)], i * INSTANCE_VALUES);
    });
    this.count = ordered.length;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.instances);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, values, this.gl.DYNAMIC_DRAW);
  }

  private describeInstances(): void {
    const { gl } = this;
    gl.bindVertexArray(this.vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    gl.vertexAttribIPointer(0, 4, gl.INT, INSTANCE_BYTES, 0);
    gl.vertexAttribIPointer(1, 4, gl.UNSIGNED_INT, INSTANCE_BYTES, 16);
    for (const location of [0, 1]) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.bindVertexArray(null);
  }
}

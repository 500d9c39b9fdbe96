/** The accepted masks: one instanced draw, whatever their number. */
import { createDataTexture, createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { packMask } from './maskBits';
import type { Scene, SceneMask } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/masks.frag.glsl?raw';
import vertex from './shaders/masks.vert.glsl?raw';
import { WordHeap, type Changed } from './wordHeap';

/** Width of the heap's texture in words, as a power of two: 2 billion pixels of masks fit a common device. */
const MAX_HEAP_SHIFT = 13;

/** 32-bit values of an instance: box (4), first word, words a row, colour, emphasis. */
const INSTANCE_BYTES = 8 * 4;

const EMPHASIS = { none: 0, hovered: 1, selected: 2 } as const;
type Emphasis = (typeof EMPHASIS)[keyof typeof EMPHASIS];

/** What the shader draws in one call. */
interface Batch {
  readonly vertices: WebGLVertexArrayObject;
  readonly buffer: WebGLBuffer;
  count: number;
}

export class MaskLayer {
  private readonly program: Program;
  private readonly heapShift: number;
  private readonly heap: WordHeap;
  private readonly texture: WebGLTexture;
  private readonly all: Batch;
  /** The hovered and the selected mask once more: drawn every frame, so that hovering costs two masks and not all. */
  private readonly emphasised: Batch;
  private readonly uploaded = new Map<string, { mask: SceneMask; stride: number }>();

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    const maxSide = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    this.heapShift = Math.min(MAX_HEAP_SHIFT, Math.floor(Math.log2(maxSide)));
    this.heap = new WordHeap(1 << this.heapShift, maxSide);
    this.texture = createDataTexture(gl);
    this.upload({ first: 0, end: this.heap.rows, all: true });
    this.all = this.createBatch();
    this.emphasised = this.createBatch();
  }

  /** Uploads what is new; masks are the same while their segmentation is the same object. */
  update(masks: readonly SceneMask[]): void {
    this.removeGone(masks);
    for (const mask of masks) this.place(mask);
    // Large masks first, so that parts stay visible on their whole.
    const ordered = [...masks].sort((a, b) => b.area - a.area);
    this.fill(
      this.all,
      ordered.map((mask) => this.instanceOf(mask, EMPHASIS.none)),
    );
  }

  draw(frame: Frame): void {
    this.drawBatch(frame, this.all);
  }

  drawEmphasised(frame: Frame, { masks, hoveredId, selection }: Scene): void {
    const hovered = masks.filter(({ id }) => id === hoveredId && !selection.includes(id));
    const selected = masks.filter(({ id }) => selection.includes(id));
    const instances = [
      ...hovered.map((mask) => this.instanceOf(mask, EMPHASIS.hovered)),
      ...selected.map((mask) => this.instanceOf(mask, EMPHASIS.selected)),
    ];
    this.fill(this.emphasised, instances);
    this.drawBatch(frame, this.emphasised);
  }

  private drawBatch(frame: Frame, { vertices, count }: Batch): void {
    if (count === 0) return;
    const { gl, program } = this;
    setFrame(gl, program, frame);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(program.uniform('u_heapShift'), this.heapShift);
    gl.bindVertexArray(vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
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
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32UI, heap.width, heap.rows, 0, format, type, heap.words);
      return;
    }
    const rows = heap.words.subarray(first * heap.width, end * heap.width);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, first, heap.width, end - first, format, type, rows);
  }

  private instanceOf({ id, bbox, color }: SceneMask, emphasis: Emphasis): readonly number[] {
    const stride = this.uploaded.get(id)?.stride ?? 0;
    return [...bbox, this.heap.startOf(id) ?? 0, stride, parseInt(color.slice(1), 16), emphasis];
  }

  private fill(batch: Batch, instances: readonly (readonly number[])[]): void {
    const { gl } = this;
    batch.count = instances.length;
    gl.bindBuffer(gl.ARRAY_BUFFER, batch.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, Uint32Array.from(instances.flat()), gl.DYNAMIC_DRAW);
  }

  private createBatch(): Batch {
    const { gl } = this;
    const batch = { vertices: gl.createVertexArray(), buffer: gl.createBuffer(), count: 0 };
    gl.bindVertexArray(batch.vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, batch.buffer);
    gl.vertexAttribIPointer(0, 4, gl.INT, INSTANCE_BYTES, 0);
    gl.vertexAttribIPointer(1, 4, gl.UNSIGNED_INT, INSTANCE_BYTES, 16);
    for (const location of [0, 1]) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.bindVertexArray(null);
    return batch;
  }
}

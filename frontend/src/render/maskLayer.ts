/** The accepted masks: one instanced draw, whatever their number. */
import type { Xywh } from '../geometry/box';
import { createDataTexture, createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { levelFor, packLevels, type MaskLevel } from './maskLevels';
import { isEmptyRect, intersectionOf, rectOnCanvas, type Rect } from './rects';
import type { Scene, SceneMask } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/masks.frag.glsl?raw';
import vertex from './shaders/masks.vert.glsl?raw';
import { OUTLINE_REACH } from './still';
import { WordHeap, type Changed } from './wordHeap';

/** Width of the heap's texture in words, as a power of two: 2 billion pixels of masks fit a common device. */
const MAX_HEAP_SHIFT = 13;

/** 32-bit values of an instance: box (4), first word, words a row, colour, style. */
const INSTANCE_VALUES = 8;

/** Bits of the style; the lowest two are the emphasis, those from LEVEL_SHIFT on the level. */
const EMPHASIS = { none: 0, hovered: 1, selected: 2 } as const;
const [HATCHED, DASHED, LEVEL_SHIFT] = [4, 8, 4];
type Emphasis = (typeof EMPHASIS)[keyof typeof EMPHASIS];

/** How all masks are drawn. */
export type MaskLook = Pick<Scene, 'maskOpacity' | 'outlineOnly'>;

interface Placed {
  readonly mask: SceneMask;
  readonly levels: readonly MaskLevel[];
}

export class MaskLayer {
  private readonly program: Program;
  private readonly heapShift: number;
  private readonly heap: WordHeap;
  private readonly texture: WebGLTexture;
  private readonly vertices: WebGLVertexArrayObject;
  private readonly instances: WebGLBuffer;
  private values = new Uint32Array(1024 * INSTANCE_VALUES);
  private readonly placed = new Map<string, Placed>();
  /** Without the hidden ones, the lowest first. */
  private ordered: readonly SceneMask[] = [];

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
    const maxSide = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    this.heapShift = Math.min(MAX_HEAP_SHIFT, Math.floor(Math.log2(maxSide)));
    this.heap = new WordHeap(1 << this.heapShift, maxSide);
    this.texture = createDataTexture(gl);
    this.upload({ first: 0, end: this.heap.rows, all: true });
    this.instances = gl.createBuffer();
    this.vertices = this.describeInstances();
  }

  /** Uploads what is new, packs no mask twice. Returns the boxes where the masks look different now, image pixels. */
  update(masks: readonly SceneMask[], hiddenIds: ReadonlySet<string>): Xywh[] {
    this.removeGone(masks);
    for (const mask of masks) this.place(mask);
    const before = new Set(this.ordered);
    this.ordered = masks.filter(({ id }) => !hiddenIds.has(id)).sort(byLayerAndArea);
    const added = this.ordered.filter((mask) => !before.delete(mask));
    return [...before, ...added].map(({ bbox }) => bbox);
  }

  /** Those that can be seen within `clip`. */
  draw(frame: Frame, clip: Rect, look: MaskLook): void {
    const margin = OUTLINE_REACH * frame.ratio;
    const seen = this.ordered.filter(
      ({ bbox }) => !isEmptyRect(intersectionOf(rectOnCanvas(bbox, frame, margin), clip)),
    );
    this.reserve(seen.length);
    seen.forEach((mask, i) => this.write(i, mask, EMPHASIS.none, frame.view.scale));
    this.drawInstances(frame, seen.length, look.outlineOnly ? 0 : look.maskOpacity);
  }

  /** Where `drawEmphasised` draws, canvas pixels. */
  emphasisedAreas(frame: Frame, { hoveredId, hiddenIds, selection }: Scene): Rect[] {
    const ids = hoveredId === null ? selection : [...selection, hoveredId];
    const masks = ids.flatMap((id) => (hiddenIds.has(id) ? [] : (this.placed.get(id)?.mask ?? [])));
    return masks.map(({ bbox }) => rectOnCanvas(bbox, frame, OUTLINE_REACH * frame.ratio + 1));
  }

  /** The hovered and the selected masks once more: drawn every frame, so that hovering costs two masks and not all. */
  drawEmphasised(frame: Frame, { hoveredId, hiddenIds, selection, ...look }: Scene): void {
    const hovered = hoveredId === null || selection.includes(hoveredId) ? [] : [hoveredId];
    const ids = [...selection, ...hovered].filter((id) => this.placed.has(id) && !hiddenIds.has(id));
    this.reserve(ids.length);
    ids.forEach((id, i) => {
      const mask = this.placed.get(id)?.mask;
      const emphasis = i < ids.length - hovered.length ? EMPHASIS.selected : EMPHASIS.hovered;
      if (mask) this.write(i, mask, emphasis, frame.view.scale);
    });
    this.drawInstances(frame, ids.length, look.outlineOnly ? 0 : 0.8 * look.maskOpacity);
  }

  private drawInstances(frame: Frame, count: number, fill: number): void {
    if (count === 0) return;
    const { gl, program } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    gl.bufferData(gl.ARRAY_BUFFER, this.values.subarray(0, count * INSTANCE_VALUES), gl.STREAM_DRAW);
    setFrame(gl, program, frame);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1i(program.uniform('u_heapShift'), this.heapShift);
    gl.uniform1f(program.uniform('u_fill'), fill);
    gl.bindVertexArray(this.vertices);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    gl.bindVertexArray(null);
  }

  private reserve(count: number): void {
    if (count * INSTANCE_VALUES > this.values.length)
      this.values = new Uint32Array(2 * count * INSTANCE_VALUES);
  }

  private write(index: number, mask: SceneMask, emphasis: Emphasis, scale: number): void {
    const { id, bbox, color, isLocked, isProposal } = mask;
    const levels = this.placed.get(id)?.levels ?? [];
    const level = Math.min(levelFor(scale), levels.length - 1);
    const { first, stride } = levels[level] ?? { first: 0, stride: 0 };
    const style = emphasis | (isLocked ? HATCHED : 0) | (isProposal ? DASHED : 0) | (level << LEVEL_SHIFT);
    const start = (this.heap.startOf(id) ?? 0) + first;
    const at = index * INSTANCE_VALUES;
    this.values.set(bbox, at);
    this.values.set([start, stride, parseInt(color.slice(1), 16), style], at + 4);
  }

  private removeGone(masks: readonly SceneMask[]): void {
    const present = new Set(masks.map(({ id }) => id));
    for (const id of this.placed.keys()) {
      if (present.has(id)) continue;
      this.placed.delete(id);
      this.heap.remove(id);
    }
  }

  private place(mask: SceneMask): void {
    const known = this.placed.get(mask.id);
    if (known?.mask === mask) return;
    if (known?.mask.segmentation === mask.segmentation) {
      this.placed.set(mask.id, { mask, levels: known.levels });
      return;
    }
    const { words, levels } = packLevels(mask.segmentation, mask.bbox);
    this.upload(this.heap.add(mask.id, words));
    this.placed.set(mask.id, { mask, levels });
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

  private describeInstances(): WebGLVertexArrayObject {
    const { gl } = this;
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.instances);
    gl.vertexAttribIPointer(0, 4, gl.INT, INSTANCE_VALUES * 4, 0);
    gl.vertexAttribIPointer(1, 4, gl.UNSIGNED_INT, INSTANCE_VALUES * 4, 16);
    for (const location of [0, 1]) {
      gl.enableVertexAttribArray(location);
      gl.vertexAttribDivisor(location, 1);
    }
    gl.bindVertexArray(null);
    return vertices;
  }
}

/** Large masks lie below, so that parts stay visible on their whole. */
function byLayerAndArea(a: SceneMask, b: SceneMask): number {
  return a.layer - b.layer || b.area - a.area;
}

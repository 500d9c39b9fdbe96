import { describe, expect, it } from 'vitest';
import { colorOf } from '../editor/color';
import type { Annotation, EditorSnapshot } from '../editor/model';
import type { Candidate } from '../geometry/decoding';
import { sceneOf } from './editorScene';

const FRAME = { imageSize: { width: 9, height: 9 }, view: { scale: 1, x: 0, y: 0 } };
const CATEGORIES = [
  { id: 1, name: 'cat', color: '#aa0000', attributes: [] },
  { id: 2, name: 'dog', color: '#00bb00', attributes: [] },
];

const NONE: ReadonlySet<string> = new Set();

const candidate = (): Candidate => ({
  token: 0,
  logits: new Float32Array(1),
  inputSide: 1024,
  crop: [0, 0, 9, 9],
  predictedIou: 1,
  stability: 1,
  gridArea: 1,
});

const annotation = (id: string, categoryId: number | null): Annotation => ({
  id,
  categoryId,
  mask: { segmentation: { size: [9, 9], counts: 'x' }, bbox: [1, 2, 3, 4], area: 5 },
  attributes: {},
  parentId: null,
  layer: 0,
  provenance: {
    source: 'model',
    encoder_digest: 'e',
    decoder_digest: 'd',
    prompts: [],
    token: 0,
    predicted_iou: 1,
    stability: 1,
    threshold: 0,
    edits: [],
    seconds: 1,
  },
  version: 1,
});

const snapshot = (parts: Partial<EditorSnapshot> = {}): EditorSnapshot => ({
  annotations: [],
  categories: CATEGORIES,
  categoryId: 2,
  selection: [],
  hidden: NONE,
  locked: NONE,
  hoveredId: null,
  tool: { id: 'prompt', state: 'idle', draft: null },
  making: null,
  accepting: [],
  preview: null,
  takesPoints: true,
  status: { phase: 'ready', message: null, lastDecodeMs: null },
  canUndo: false,
  canRedo: false,
  ...parts,
});

describe('the scene of an editor', () => {
  it('colours masks by category, and those without one each by its own', () => {
    const { masks } = sceneOf(snapshot({ annotations: [annotation('a', 1), annotation('b', null)] }), FRAME);
    const own = colorOf({ id: 'b', categoryId: null }, []);
    expect(masks.map(({ id, color }) => [id, color])).toEqual([
      ['a', '#aa0000'],
      ['b', own],
    ]);
  });

  it('keeps the masks themselves while annotations and categories stay', () => {
    const annotations = [annotation('a', 1)];
    const before = sceneOf(snapshot({ annotations }), FRAME);
    const hovered = sceneOf(snapshot({ annotations, hoveredId: 'a' }), FRAME);
    const recoloured = sceneOf(snapshot({ annotations, categories: [...CATEGORIES] }), FRAME);
    expect(hovered.masks).toBe(before.masks);
    expect(recoloured.masks).not.toBe(before.masks);
  });

  it('shows the mask in the making instead of the preview, in the colour of the next mask', () => {
    const [shown, previewed] = [candidate(), candidate()];
    const preview = { point: { x: 1, y: 1 }, candidate: previewed };
    const making = {
      prompts: [],
      state: 'shown',
      shown: { kind: 'logits', candidate: shown },
      ladder: [],
      chosen: -1,
      refines: null,
    } as const;
    expect(sceneOf(snapshot({ preview }), FRAME).candidates).toEqual([
      { logits: previewed.logits, inputSide: 1024, crop: [0, 0, 9, 9], color: '#00bb00', preview: true },
    ]);
    expect(sceneOf(snapshot({ preview, making }), FRAME).candidates).toEqual([
      { logits: shown.logits, inputSide: 1024, crop: [0, 0, 9, 9], color: '#00bb00', preview: false },
    ]);
  });

  it('keeps the colour of an accepted mask without a category when it becomes an annotation', () => {
    const accepting = [
      { id: 'x', categoryId: null, shown: { kind: 'logits', candidate: candidate() } as const },
    ];
    const before = sceneOf(snapshot({ accepting }), FRAME).candidates[0];
    const after = sceneOf(snapshot({ annotations: [annotation('x', null)] }), FRAME).masks[0];
    expect(before?.color).toBe(after?.color);
  });

  it('goes on showing accepted masks until they are annotations, under the next preview', () => {
    const [accepted, previewed] = [candidate(), candidate()];
    const scene = sceneOf(
      snapshot({
        accepting: [{ id: 'x', categoryId: 1, shown: { kind: 'logits', candidate: accepted } }],
        preview: { point: { x: 1, y: 1 }, candidate: previewed },
      }),
      FRAME,
    );
    expect(scene.candidates.map(({ color }) => color)).toEqual(['#aa0000', '#00bb00']);
  });

  it('passes prompts, the dragged box and the pointer on', () => {
    const prompts = [{ kind: 'point', x: 1, y: 2, label: 0 }] as const;
    const making = {
      prompts,
      state: 'decoding',
      shown: null,
      ladder: [],
      chosen: -1,
      refines: null,
    } as const;
    const dragBox = { x0: 0, y0: 0, x1: 1, y1: 1 };
    const tool = { id: 'prompt', state: 'dragging', draft: { kind: 'box', box: dragBox } } as const;
    const scene = sceneOf(snapshot({ making, tool }), { ...FRAME, crosshair: { x: 3, y: 4 } });
    expect(scene).toMatchObject({ marks: prompts, dragBox, crosshair: { x: 3, y: 4 } });
  });
});

import { describe, expect, it } from 'vitest';
import { colorOf } from '../editor/color';
import type { Annotation, EditorSnapshot, MakingView, ToolDraft } from '../editor/model';
import { keepEqual } from '../editor/stable';
import { Person } from '../editor/testing/person';
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

const MAKING: MakingView = {
  prompts: [],
  state: 'shown',
  shown: null,
  ladder: [],
  chosen: -1,
  refines: null,
  kept: [],
  threshold: 0,
  canCut: false,
  draft: null,
};

/** What an untouched editor shows, but for some parts. */
const snapshot = (parts: Partial<EditorSnapshot> = {}): EditorSnapshot => ({
  ...new Person({ imageSize: FRAME.imageSize, categories: CATEGORIES, categoryId: 2 }).sees,
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

  it('is the same in all its parts while only the pointer moves', () => {
    const still = snapshot({ annotations: [annotation('a', 1)] });
    const [before, after] = [1, 2].map((x) => sceneOf(still, { ...FRAME, pointer: { x, y: 1 } }));
    expect(before && keepEqual(before, after ?? before)).toBe(before);
    expect(after).not.toBe(before);
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
    const making: MakingView = { ...MAKING, shown: { kind: 'logits', candidate: shown } };
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
    const making: MakingView = { ...MAKING, prompts, state: 'decoding' };
    const dragBox = { x0: 0, y0: 0, x1: 1, y1: 1 };
    const tool = {
      id: 'prompt',
      state: 'dragging',
      draft: { kind: 'box', box: dragBox },
      tipRadius: null,
    } as const;
    const scene = sceneOf(snapshot({ making, tool }), { ...FRAME, crosshair: { x: 3, y: 4 } });
    expect(scene).toMatchObject({ marks: prompts, dragBox, crosshair: { x: 3, y: 4 } });
  });

  it('keeps a mask as it is when only its version changes, and says what is locked and on which layer', () => {
    const stored = { ...annotation('a', 1), layer: 2 };
    const locked: ReadonlySet<string> = new Set(['a']);
    const [before] = sceneOf(snapshot({ annotations: [stored], locked }), FRAME).masks;
    const [after] = sceneOf(snapshot({ annotations: [{ ...stored, version: 7 }], locked }), FRAME).masks;
    expect(after).toBe(before);
    expect(before).toMatchObject({ layer: 2, isLocked: true });
  });

  it('shows the round tip of a tool under the pointer', () => {
    const tool = { id: 'brush', state: 'idle', draft: null, tipRadius: 4 };
    const { cursor } = sceneOf(snapshot({ tool }), { ...FRAME, pointer: { x: 3, y: 5 } });
    expect(cursor).toEqual({ x: 3, y: 5, radius: 4 });
    expect(sceneOf(snapshot({ tool }), FRAME).cursor).toBeNull();
  });
});

describe('a change by hand', () => {
  const STROKE = { kind: 'stroke', dabs: [{ x: 1, y: 1, radius: 2 }], operation: 'subtract' } as const;
  const RINGS = {
    kind: 'rings',
    rings: [[]],
    isClosed: true,
    showsVertices: true,
    activeVertex: null,
  } as const;
  const edited = annotation('a', 1);

  function editing(draft: ToolDraft, parts: Partial<EditorSnapshot> = {}) {
    const tool = { id: 'brush', state: 'painting', draft, tipRadius: null };
    return sceneOf(snapshot({ annotations: [edited], editedId: 'a', tool, ...parts }), FRAME);
  }

  it('is drawn over the annotation that it changes, which is not drawn itself', () => {
    const scene = editing(STROKE);
    expect(scene.draft).toMatchObject({ base: edited.mask, stroke: STROKE, rings: null, color: '#aa0000' });
    expect(scene.hiddenIds).toEqual(new Set(['a']));
    expect(editing(STROKE).hiddenIds).toBe(scene.hiddenIds);
  });

  it('is drawn over the mask in the making, which is not drawn itself', () => {
    const shown = candidate();
    const making: MakingView = {
      ...{ prompts: [], state: 'shown', ladder: [], chosen: -1, refines: null, draft: null },
      ...{ kept: [], threshold: 0, canCut: false },
      shown: { kind: 'logits', candidate: shown },
    };
    const scene = editing(STROKE, { making });
    expect(scene.draft?.base).toMatchObject({ logits: shown.logits });
    expect(scene.candidates).toEqual([]);
    expect(scene.hiddenIds).toEqual(NONE);
  });

  it('stands alone where its rings replace the mask', () => {
    const scene = editing({ ...RINGS, operation: 'replace' });
    expect(scene.draft).toMatchObject({ base: null, rings: { rings: RINGS.rings, operation: 'add' } });
    expect(scene.hiddenIds).toEqual(new Set(['a']));
  });

  it('leaves everything else as it is where its rings begin a mask', () => {
    const scene = editing({ ...RINGS, operation: 'new' });
    expect(scene.draft).toMatchObject({ base: null, rings: { operation: 'add' }, color: '#00bb00' });
    expect(scene.hiddenIds).toEqual(NONE);
  });
});

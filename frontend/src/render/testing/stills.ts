/** The kept picture: how accepted masks look, and whether what was shifted and mended equals what is drawn anew. */
import { ringsToRuns } from '../../geometry/rings';
import type { Size } from '../../geometry/types';
import type { Viewport } from '../../geometry/viewport';
import type { Scene, SceneDraft, SceneMask } from '../scene';
import {
  drawAndRead,
  frame,
  logits,
  maskOf,
  middleOf,
  randomNumbers,
  RED,
  read,
  renderer,
  sceneOf,
  showPhoto,
  type Rgb,
} from './stage';

const PATIENCE_FRAMES = 300;
const SIZE: Size = { width: 900, height: 700 };
/** The middle of the canvas is in the middle of the image. */
const VIEW: Viewport = { scale: 1, x: -130, y: -110 };

function rectangle(x0: number, y0: number, x1: number, y1: number, parts: Partial<SceneMask>): SceneMask {
  const ring = [
    { x: x0, y: y0 },
    { x: x1, y: y0 },
    { x: x1, y: y1 },
    { x: x0, y: y1 },
  ];
  return maskOf(ringsToRuns([ring], SIZE), SIZE, parts);
}

/** A large mask and a small one, both under the middle of the canvas. */
const LARGE = rectangle(100, 100, 800, 600, { id: 'large', color: '#ff0000' });
const SMALL = rectangle(400, 300, 500, 400, { id: 'small', color: '#00ff00' });

/** The colour in the middle of the two masks, on black. */
export function colorUnder(parts: Partial<Scene>, layers: { large: number; small: number }): Rgb {
  renderer.setPhoto(null);
  const masks = [
    { ...SMALL, layer: layers.small },
    { ...LARGE, layer: layers.large },
  ];
  return middleOf(drawAndRead(sceneOf(SIZE, VIEW, { maskOpacity: 1, masks, ...parts })));
}

const random = randomNumbers(7);

function blob(id: number): SceneMask {
  const [x, y, radius] = [random() * SIZE.width, random() * SIZE.height, 10 + random() * 90];
  const ring = Array.from({ length: 24 }, (_, i) => {
    const reach = radius * (0.7 + 0.3 * random());
    const angle = (i * Math.PI) / 12;
    return { x: x + reach * Math.cos(angle), y: y + reach * Math.sin(angle) };
  });
  const color = `#${Math.floor(0x100000 + random() * 0xe00000).toString(16)}`;
  return maskOf(ringsToRuns([ring], SIZE), SIZE, { id: `${id}`, color, isLocked: id % 5 === 0 });
}

const MASKS = Array.from({ length: 40 }, (_, id) => blob(id));

async function showStripes(): Promise<void> {
  await showPhoto(SIZE, (context) => {
    for (let x = 0; x < SIZE.width; x += 3) {
      context.fillStyle = `rgb(${(x * 7) % 256} ${(x * 3) % 256} ${x % 256})`;
      context.fillRect(x, (x * 5) % 90, 3, SIZE.height);
    }
  });
}

/** Largest difference of a channel between the picture as it came about and the same scene drawn anew. */
function differenceFromAnew(scene: Scene): number {
  const kept = drawAndRead(scene).pixels;
  renderer.invalidatePhoto();
  const anew = drawAndRead(scene).pixels;
  return mostBetween(kept, anew);
}

function mostBetween(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
}

/** After a hand has dragged the image about, over its border and by fractions of pixels. */
export async function differenceAfterPanning(scale: number): Promise<number> {
  await showStripes();
  let view = { scale, x: -100.3, y: -80.7 };
  for (const [dx, dy] of [
    [0, 0],
    [7, 0],
    [-31.4, 12],
    [120.25, -60],
    [0.4, 0.4],
    [-300, -200],
    [5, -3],
  ] as const) {
    view = { scale, x: view.x + dx, y: view.y + dy };
    drawAndRead(sceneOf(SIZE, view, { masks: MASKS }));
  }
  return differenceFromAnew(sceneOf(SIZE, view, { masks: MASKS }));
}

/** After masks were added, deleted, hidden and recoloured one by one, while the image moves. */
export async function differenceAfterEditing(scale: number): Promise<number> {
  await showStripes();
  const [first, second, third] = MASKS;
  if (!first || !second || !third) throw new Error('There are masks.');
  const views = [0, 4, 4, 9, 9].map((shift) => ({ scale, x: -60 + shift, y: -40 - shift }));
  const scenes: Partial<Scene>[] = [
    { masks: MASKS.slice(0, 30) },
    { masks: MASKS.slice(0, 31) },
    { masks: MASKS.slice(1, 31) },
    { masks: MASKS.slice(1, 31), hiddenIds: new Set([second.id]) },
    { masks: [{ ...third, color: '#123456' }, ...MASKS.slice(3, 31)] },
  ];
  scenes.forEach((parts, i) => drawAndRead(sceneOf(SIZE, views[i] ?? VIEW, parts)));
  return differenceFromAnew(sceneOf(SIZE, views[4] ?? VIEW, scenes[4]));
}

/** What a hand brings over the masks, one scene after the other: everything must go when it is gone. */
const OVERLAYS: readonly Partial<Scene>[] = [
  { hoveredId: '3', crosshair: { x: 200, y: 150 } },
  { hoveredId: '4', selection: ['5', '6'], crosshair: { x: 210.5, y: 170 } },
  {
    selection: ['6'],
    marks: [{ kind: 'point', x: 220, y: 160, label: 1 }],
    dragBox: { x0: 150, y0: 120, x1: 260, y1: 190 },
  },
  { candidates: [{ ...LARGE, color: RED, preview: true }], cursor: { x: 230, y: 150, radius: 20 } },
  { candidates: [{ logits: logits(), inputSide: 1024, crop: [0, 0, 900, 700], color: RED, preview: true }] },
  { draft: draftAt(200), cursor: { x: 190, y: 160, radius: 4 } },
  { draft: draftAt(260), hiddenIds: new Set(['6', '7']) },
  { hoveredId: '8', crosshair: { x: 180, y: 140 } },
];

function draftAt(x: number): SceneDraft {
  const rings = [
    [
      { x, y: 130 },
      { x: x + 60, y: 140 },
      { x: x + 20, y: 190 },
    ],
  ];
  const look = { isClosed: true, showsVertices: true, activeVertex: { ring: 0, index: 1 } };
  return { base: LARGE, stroke: null, rings: { rings, operation: 'subtract', ...look }, color: RED };
}

/** Of each frame in which only what lies over the picture changes, from the same scene drawn anew. */
export async function differencesOverOverlays(scale: number): Promise<number[]> {
  await showStripes();
  const view = { scale, x: -100, y: -80 };
  const pictures = OVERLAYS.map(
    (parts) => drawAndRead(sceneOf(SIZE, view, { masks: MASKS, ...parts })).pixels,
  );
  return OVERLAYS.map((parts, i) => {
    renderer.invalidatePhoto();
    const anew = drawAndRead(sceneOf(SIZE, view, { masks: MASKS, ...parts })).pixels;
    return mostBetween(pictures[i] ?? anew, anew);
  });
}

/** Frames until the canvas is exact, after it was opened anew on the masks. */
export async function framesUntilExact(): Promise<number> {
  await showStripes();
  const scene = sceneOf(SIZE, { ...VIEW, scale: 1.3 }, { masks: MASKS });
  const exact = drawAndRead(scene).pixels;
  renderer.invalidatePhoto();
  for (let frames = 1; frames < PATIENCE_FRAMES; frames += 1) {
    await frame();
    if (mostBetween(read().pixels, exact) === 0) return frames;
  }
  return Infinity;
}

/** Pixels of the canvas that are black, on a photo without black, in each frame while a hand throws the image about. */
export async function blanksWhilePanning(): Promise<number[]> {
  await showPhoto({ width: 9000, height: 300 }, (context) => {
    context.fillStyle = '#446688';
    context.fillRect(0, 0, 9000, 300);
  });
  const blanks: number[] = [];
  for (const x of [-100, -3000, -3400, -6000]) {
    renderer.setScene(sceneOf({ width: 9000, height: 300 }, { scale: 3, x, y: -50 }));
    await frame();
    const { pixels } = read();
    blanks.push(pixels.filter((value, i) => i % 4 === 0 && value === 0).length);
  }
  return blanks;
}

/** Zooms as a wheel does, one step in each frame, and leaves the canvas to itself. */
export async function zoomAndRest(): Promise<void> {
  await showStripes();
  drawAndRead(sceneOf(SIZE, VIEW, { masks: MASKS }));
  for (const scale of [1.1, 1.25, 1.4, 1.6]) {
    renderer.setScene(sceneOf(SIZE, { ...VIEW, scale }, { masks: MASKS }));
    await frame();
  }
}

/** Mean difference of a frame of a zoom from the exact picture: of what is shown, and of what was shown before. */
export async function differencesWhileZooming(factor: number): Promise<{ shown: number; before: number }> {
  await showStripes();
  const before = drawAndRead(sceneOf(SIZE, VIEW, { masks: MASKS })).pixels;
  const zoomed = sceneOf(SIZE, { ...VIEW, scale: VIEW.scale * factor }, { masks: MASKS });
  renderer.setScene(zoomed);
  await frame();
  const shown = read().pixels;
  const exact = drawAndRead(zoomed).pixels;
  const meanFrom = (pixels: Uint8Array) =>
    pixels.reduce((sum, value, i) => sum + Math.abs(value - (exact[i] ?? 0)), 0) / pixels.length;
  return { shown: meanFrom(shown), before: meanFrom(before) };
}

/** The same scene drawn anew, for as long as it takes to be seen. */
export async function drawAnew(): Promise<void> {
  renderer.invalidatePhoto();
  renderer.renderNow();
  await frame();
  await frame();
}

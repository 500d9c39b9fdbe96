/**
 * A page for the browser test of the renderer (tests/render): it draws and reads the pixels back. Only the development
 * server serves it; the build leaves it out.
 */
import { bitmapToRuns, encodeRuns, runsToBitmap } from '../../geometry/rle';
import { measureRuns } from '../../geometry/mask';
import type { Bitmap, Size } from '../../geometry/types';
import type { Xywh } from '../../geometry/box';
import { wholeCrop } from '../../geometry/crops';
import { LOGIT_SIDE, upsampleToRuns } from '../../geometry/upsample';
import type { Viewport } from '../../geometry/viewport';
import { Renderer } from '../renderer';
import { PLAIN_SCENE, type Scene, type SceneMask } from '../scene';

const RED = '#ff0000';
const PHOTO_BLUE = 200;

type Rgb = readonly [r: number, g: number, b: number];

export interface Harness {
  /** Canvas pixels where the drawn candidate and the mask that would be stored disagree. */
  readonly candidateMismatches: (imageSize: Size, view: Viewport, inputSide: number, crop?: Xywh) => number;
  /** The same for an accepted mask, from its runs. */
  readonly maskMismatches: (imageSize: Size, view: Viewport) => number;
  /** Colour of a photo's pixel in each of `frames` frames that only move the crosshair. */
  readonly photoOverFrames: (frames: number) => Promise<Rgb[]>;
  /** Colour of a photo's pixel after the graphics context was lost and given back. */
  readonly photoAfterContextLoss: () => Promise<Rgb>;
  readonly errors: string[];
}

declare global {
  interface Window {
    harness?: Harness;
  }
}

const canvas = document.querySelector('canvas');
if (!canvas) throw new Error('The page has no canvas.');
const errors: string[] = [];
const renderer = new Renderer(canvas, {
  backdrop: '#000000',
  onError: ({ message }) => errors.push(message),
});

function frame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}

function heard(event: string): Promise<unknown> {
  return new Promise((resolve) => canvas?.addEventListener(event, resolve, { once: true }));
}

function sceneOf(imageSize: Size, view: Viewport, parts: Partial<Scene> = {}): Scene {
  return { ...PLAIN_SCENE, imageSize, view, ...parts };
}

/** Blobs, islands and holes, some of them across the border of the padding. */
function logits(): Float32Array {
  const wave = (x: number, y: number) =>
    Math.sin(x / 9) * Math.cos(y / 13) +
    Math.sin((x + 2 * y) / 31) +
    0.3 * Math.sin(x * 1.7) * Math.cos(y * 2.3);
  return Float32Array.from({ length: LOGIT_SIDE ** 2 }, (_, i) =>
    wave(i % LOGIT_SIDE, Math.floor(i / LOGIT_SIDE)),
  );
}

function gl(): WebGL2RenderingContext {
  const context = canvas?.getContext('webgl2');
  if (!context) throw new Error('The context is gone.');
  return context;
}

/** RGBA of the whole canvas as drawn just now, bottom row first. */
function drawAndRead(scene: Scene): { width: number; height: number; pixels: Uint8Array } {
  renderer.setScene(scene);
  renderer.renderNow();
  const { drawingBufferWidth: width, drawingBufferHeight: height } = gl();
  const pixels = new Uint8Array(width * height * 4);
  gl().readPixels(0, 0, width, height, gl().RGBA, gl().UNSIGNED_BYTE, pixels);
  return { width, height, pixels };
}

/** Counts canvas pixels that are lit where the mask is not, or the other way round. */
function mismatches(scene: Scene, mask: Bitmap): number {
  const { width, height, pixels } = drawAndRead(scene);
  const { scale, x: left, y: top } = scene.view;
  let count = 0;
  for (let i = 0; i < width * height; i += 1) {
    const x = Math.floor(((i % width) + 0.5 - left) / scale);
    const y = Math.floor((height - 1 - Math.floor(i / width) + 0.5 - top) / scale);
    const inImage = x >= 0 && y >= 0 && x < mask.width && y < mask.height;
    const expected = inImage && mask.data[y * mask.width + x] === 1;
    if (expected !== (pixels[i * 4] ?? 0) > 0) count += 1;
  }
  return count;
}

function maskOf(bitmap: Bitmap): SceneMask {
  const runs = bitmapToRuns(bitmap);
  const { bbox, area } = measureRuns(runs, bitmap.height);
  return {
    id: `${bitmap.width}x${bitmap.height}`,
    segmentation: encodeRuns(runs, bitmap),
    bbox,
    area,
    color: RED,
    layer: 0,
  };
}

async function showPhoto(): Promise<void> {
  const photo = new OffscreenCanvas(64, 48);
  const context = photo.getContext('2d');
  if (!context) throw new Error('No 2D canvas.');
  context.fillStyle = `rgb(0 0 ${PHOTO_BLUE})`;
  context.fillRect(0, 0, 64, 48);
  renderer.setPhoto({ bitmap: await createImageBitmap(photo), imageSize: { width: 64, height: 48 } });
}

/** A photo that fills the canvas, and the colour in the middle of what is on it. */
function photoPixel(crosshairX: number): Rgb {
  const size = { width: 64, height: 48 };
  const scene = sceneOf(size, { scale: 10, x: 0, y: 0 }, { crosshair: { x: crosshairX, y: 1 } });
  const { width, height, pixels } = drawAndRead(scene);
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 4;
  return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
}

const harness: Harness = {
  errors,
  candidateMismatches: (imageSize, view, inputSide, crop = wholeCrop(imageSize)) => {
    const mask = { logits: logits(), inputSide, crop };
    const candidates = [{ ...mask, color: RED, preview: true }];
    return mismatches(
      sceneOf(imageSize, view, { candidates }),
      runsToBitmap(upsampleToRuns(mask, imageSize), imageSize),
    );
  },
  maskMismatches: (imageSize, view) => {
    const bitmap = runsToBitmap(
      upsampleToRuns({ logits: logits(), inputSide: 1024, crop: wholeCrop(imageSize) }, imageSize),
      imageSize,
    );
    return mismatches(sceneOf(imageSize, view, { masks: [maskOf(bitmap)] }), bitmap);
  },
  photoOverFrames: async (frames) => {
    await showPhoto();
    const colors: Rgb[] = [];
    for (let i = 0; i < frames; i += 1) {
      colors.push(photoPixel(i));
      await frame();
      await frame();
    }
    return colors;
  },
  photoAfterContextLoss: async () => {
    await showPhoto();
    photoPixel(1);
    const extension = gl().getExtension('WEBGL_lose_context');
    const lost = heard('webglcontextlost');
    extension?.loseContext();
    await lost;
    // The browser takes the wish to restore only after the event has been handled.
    await frame();
    const restored = heard('webglcontextrestored');
    extension?.restoreContext();
    await restored;
    return photoPixel(2);
  },
};

// The canvas has its size only after the first layout.
await frame();
await frame();
window.harness = harness;

/** A renderer on the test page's canvas, and ways to read back what it drew. */
import { measureRuns } from '../../geometry/mask';
import { encodeRuns, runsToBitmap, type Runs } from '../../geometry/rle';
import type { Bitmap, Point, Size } from '../../geometry/types';
import { LOGIT_SIDE } from '../../geometry/upsample';
import type { Viewport } from '../../geometry/viewport';
import { Renderer } from '../renderer';
import { PLAIN_SCENE, type Scene, type SceneMask } from '../scene';

export const RED = '#ff0000';

export type Rgb = readonly [r: number, g: number, b: number];

/** RGBA, bottom row first. */
export interface Picture extends Size {
  readonly pixels: Uint8Array;
}

const element = document.querySelector('canvas');
if (!element) throw new Error('The page has no canvas.');
export const canvas = element;

export const errors: string[] = [];
export const renderer = new Renderer(canvas, {
  backdrop: '#000000',
  onError: ({ message }) => errors.push(message),
});

export function frame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}

export function gl(): WebGL2RenderingContext {
  const context = canvas.getContext('webgl2');
  if (!context) throw new Error('The context is gone.');
  return context;
}

export function sceneOf(imageSize: Size, view: Viewport, parts: Partial<Scene> = {}): Scene {
  return { ...PLAIN_SCENE, imageSize, view, ...parts };
}

/** The whole canvas as drawn just now. */
export function drawAndRead(scene: Scene): Picture {
  renderer.setScene(scene);
  renderer.renderNow();
  return read();
}

/** What the frame under way has drawn. */
export function read(): Picture {
  const { drawingBufferWidth: width, drawingBufferHeight: height } = gl();
  const pixels = new Uint8Array(width * height * 4);
  gl().readPixels(0, 0, width, height, gl().RGBA, gl().UNSIGNED_BYTE, pixels);
  return { width, height, pixels };
}

/** The pixel in the middle of the canvas. */
export function middleOf({ width, height, pixels }: Picture): Rgb {
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 4;
  return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
}

/**
 * Without a photo: counts canvas pixels that are lit where the mask is not, or the other way round. `isLeftOut` is asked about positions in
 * image pixels.
 */
export function mismatches(scene: Scene, runs: Runs, isLeftOut?: (at: Point) => boolean): number {
  renderer.setPhoto(null);
  const { width, height, pixels } = drawAndRead(scene);
  const mask = runsToBitmap(runs, scene.imageSize);
  const { scale, x: left, y: top } = scene.view;
  let count = 0;
  for (let i = 0; i < width * height; i += 1) {
    const row = height - 1 - Math.floor(i / width);
    const at = { x: ((i % width) + 0.5 - left) / scale, y: (row + 0.5 - top) / scale };
    const isLit = (pixels[i * 4] ?? 0) > 0;
    if (isLit !== isInBitmap(mask, at) && !isLeftOut?.(at)) count += 1;
  }
  return count;
}

function isInBitmap({ width, height, data }: Bitmap, at: Point): boolean {
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  return x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] === 1;
}

export function maskOf(runs: Runs, size: Size, parts: Partial<SceneMask> = {}): SceneMask {
  const { bbox, area } = measureRuns(runs, size.height);
  const id = `${size.width}x${size.height}`;
  return { id, segmentation: encodeRuns(runs, size), bbox, area, color: RED, layer: 0, ...parts };
}

/** Blobs, islands and holes, some of them across the border of the padding. */
export function logits(): Float32Array {
  const wave = (x: number, y: number) =>
    Math.sin(x / 9) * Math.cos(y / 13) +
    Math.sin((x + 2 * y) / 31) +
    0.3 * Math.sin(x * 1.7) * Math.cos(y * 2.3);
  return Float32Array.from({ length: LOGIT_SIDE ** 2 }, (_, i) =>
    wave(i % LOGIT_SIDE, Math.floor(i / LOGIT_SIDE)),
  );
}

/** The same numbers in every run, 0 to 1. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
}

/** Shows a photo of the size, painted by `paint`. */
export async function showPhoto(
  imageSize: Size,
  paint: (context: OffscreenCanvasRenderingContext2D) => void,
): Promise<void> {
  const picture = new OffscreenCanvas(imageSize.width, imageSize.height);
  const context = picture.getContext('2d');
  if (!context) throw new Error('No 2D canvas.');
  paint(context);
  const photo = { bitmap: await createImageBitmap(picture), imageSize, tiles: null };
  renderer.setPhoto(photo);
}

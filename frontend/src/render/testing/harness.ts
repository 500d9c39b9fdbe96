/**
 * A page for the browser test of the renderer (tests/render): it draws and reads the pixels back. Only the development
 * server serves it; the build leaves it out.
 */
import type { Size } from '../../geometry/types';
import { upsampleToRuns } from '../../geometry/upsample';
import type { Viewport } from '../../geometry/viewport';
import * as drafts from './drafts';
import * as photos from './photos';
import {
  canvas,
  drawAndRead,
  errors,
  frame,
  gl,
  logits,
  maskOf,
  middleOf,
  mismatches,
  RED,
  sceneOf,
  showPhoto,
  type Rgb,
} from './stage';
import * as stills from './stills';

const PHOTO_BLUE = 200;
const PHOTO_SIZE = { width: 64, height: 48 };

function heard(event: string): Promise<unknown> {
  return new Promise((resolve) => canvas.addEventListener(event, resolve, { once: true }));
}

const wholeOf = ({ width, height }: Size) => [0, 0, width, height] as const;

const showBlue = () =>
  showPhoto(PHOTO_SIZE, (context) => {
    context.fillStyle = `rgb(0 0 ${PHOTO_BLUE})`;
    context.fillRect(0, 0, PHOTO_SIZE.width, PHOTO_SIZE.height);
  });

/** A photo that fills the canvas, and the colour in the middle of what is on it. */
function photoPixel(crosshairX: number): Rgb {
  const view = { scale: 10, x: 0, y: 0 };
  return middleOf(drawAndRead(sceneOf(PHOTO_SIZE, view, { crosshair: { x: crosshairX, y: 1 } })));
}

/** Canvas pixels where the drawn candidate and the mask that would be stored disagree. */
function candidateMismatches(imageSize: Size, view: Viewport, inputSide: number): number {
  const mask = { logits: logits(), inputSide, crop: wholeOf(imageSize) };
  const candidates = [{ ...mask, color: RED, preview: true }];
  return mismatches(sceneOf(imageSize, view, { candidates }), upsampleToRuns(mask, imageSize));
}

/** The same for an accepted mask, from its runs. */
function maskMismatches(imageSize: Size, view: Viewport): number {
  const mask = { logits: logits(), inputSide: 1024, crop: wholeOf(imageSize) };
  const runs = upsampleToRuns(mask, imageSize);
  return mismatches(sceneOf(imageSize, view, { masks: [maskOf(runs, imageSize)] }), runs);
}

/** Colour of a photo's pixel in each of `frames` frames that only move the crosshair. */
async function photoOverFrames(frames: number): Promise<Rgb[]> {
  await showBlue();
  const colors: Rgb[] = [];
  for (let i = 0; i < frames; i += 1) {
    colors.push(photoPixel(i));
    await frame();
    await frame();
  }
  return colors;
}

/** Colour of a photo's pixel after the graphics context was lost and given back. */
async function photoAfterContextLoss(): Promise<Rgb> {
  await showBlue();
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
}

const harness = {
  ...{ errors, candidateMismatches, maskMismatches, photoOverFrames, photoAfterContextLoss },
  ...drafts,
  ...photos,
  ...stills,
};

declare global {
  interface Window {
    harness?: typeof harness;
  }
}

// The canvas has its size only after the first layout.
await frame();
await frame();
window.harness = harness;

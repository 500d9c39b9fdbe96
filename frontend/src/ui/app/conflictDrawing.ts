/** Two versions of a mask over the photo, drawn small. Plain 2D: it is one picture, not a page that moves. */
import type { Xywh } from '../../geometry/box';
import type { FullMask } from '../../geometry/decoding';
import { runsOf } from '../../geometry/fullMask';
import { cropRuns } from '../../geometry/region';
import { type Runs, runsToBitmap } from '../../geometry/rle';
import type { Bitmap, Size } from '../../geometry/types';

/** Space around the masks, as a share of their longer side. */
const MARGIN = 0.15;
const LEAST_MARGIN = 8;

/** The part of the image that shows all masks, with some space around them. */
export function partToShow(masks: readonly FullMask[], { width, height }: Size): Xywh {
  const boxes = masks.filter(({ area }) => area > 0).map(({ bbox }) => bbox);
  if (boxes.length === 0) return [0, 0, width, height];
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , w]) => x + w));
  const bottom = Math.max(...boxes.map(([, y, , h]) => y + h));
  const margin = Math.max(LEAST_MARGIN, Math.round(MARGIN * Math.max(right - left, bottom - top)));
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return [x, y, Math.min(width, right + margin) - x, Math.min(height, bottom + margin) - y];
}

/** The largest size of the part's shape within the limit. */
export function sizeToShow([, , width, height]: Xywh, limit: Size): Size {
  const scale = Math.min(limit.width / width, limit.height / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A mask to draw: `#rrggbb`, and the way its stripes lean, so that colour alone tells nothing. */
export interface Layer {
  readonly runs: Runs;
  readonly color: string;
  readonly stripes: 'rising' | 'falling' | 'none';
}

export const layerOf = (mask: FullMask, color: string, stripes: Layer['stripes'] = 'none'): Layer => ({
  runs: runsOf(mask),
  color,
  stripes,
});

/** Draws over what the canvas shows: each mask filled, striped and outlined. */
export function drawLayers(
  context: CanvasRenderingContext2D,
  layers: readonly Layer[],
  part: Xywh,
  imageSize: Size,
): void {
  const { width, height } = context.canvas;
  const picture = context.getImageData(0, 0, width, height);
  for (const layer of layers) {
    const [, , partWidth, partHeight] = part;
    const bitmap = runsToBitmap(cropRuns(layer.runs, imageSize, part), {
      width: partWidth,
      height: partHeight,
    });
    blend(picture, bitmap, layer);
  }
  context.putImageData(picture, 0, 0);
}

function blend(picture: ImageData, bitmap: Bitmap, { color, stripes }: Layer): void {
  const inside = scaled(bitmap, picture);
  const rgb = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  for (let y = 0, i = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1, i += 1) {
      if (inside[i] === 1) mix(picture.data, i * 4, rgb, opacityAt(inside, picture, x, y, stripes));
    }
  }
}

/** Nearest pixel of the bitmap for each of the picture. */
function scaled({ data, width, height }: Bitmap, target: Size): Uint8Array {
  const result = new Uint8Array(target.width * target.height);
  for (let y = 0, i = 0; y < target.height; y += 1) {
    const row = Math.floor(((y + 0.5) * height) / target.height) * width;
    for (let x = 0; x < target.width; x += 1, i += 1) {
      result[i] = data[row + Math.floor(((x + 0.5) * width) / target.width)] ?? 0;
    }
  }
  return result;
}

const FILL = 0.4;
const STRIPE = 0.75;
const OUTLINE = 1;
/** Pixels from stripe to stripe, and of a stripe. */
const [PERIOD, THICK] = [12, 3];

function opacityAt(inside: Uint8Array, size: Size, x: number, y: number, stripes: Layer['stripes']): number {
  if (isAtEdge(inside, size, x, y)) return OUTLINE;
  if (stripes === 'none') return FILL;
  const along = stripes === 'rising' ? x + y : x - y + size.height * PERIOD;
  return along % PERIOD < THICK ? STRIPE : FILL;
}

function isAtEdge(inside: Uint8Array, { width, height }: Size, x: number, y: number): boolean {
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 1 : inside[row * width + column];
  return [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].includes(0);
}

function mix(data: Uint8ClampedArray, at: number, rgb: readonly number[], opacity: number): void {
  rgb.forEach((value, channel) => {
    data[at + channel] = (data[at + channel] ?? 0) * (1 - opacity) + value * opacity;
  });
}

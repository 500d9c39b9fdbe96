/** A candidate as a small picture: the photo, dark where the mask is not, and the mask's edge. */
import type { Xywh } from '../../geometry/box';
import { sizeOfCrop } from '../../geometry/crops';
import type { MaskLogits } from '../../geometry/decoding';
import { maskBox } from '../../geometry/grid';
import type { Size } from '../../geometry/types';
import { inputSize, LOGIT_SIDE } from '../../geometry/upsample';
import type { Photo } from '../../render/photo';

/** Around the masks, of their longer side. */
const MARGIN = 0.12;
/** How bright the photo is outside the mask. */
const OUTSIDE = 0.3;

/** The part of the image, in its pixels, that shows all of these masks in a picture of this shape; it may overlap the edge. */
export function frameOf(masks: readonly MaskLogits[], image: Size, aspect: number): Xywh {
  const boxes = masks.flatMap((mask) => maskBox(mask) ?? []);
  const whole = { x0: 0, y0: 0, x1: image.width, y1: image.height };
  const box = boxes.reduce(
    (sum, one) => ({
      x0: Math.min(sum.x0, one.x0),
      y0: Math.min(sum.y0, one.y0),
      x1: Math.max(sum.x1, one.x1),
      y1: Math.max(sum.y1, one.y1),
    }),
    boxes[0] ?? whole,
  );
  const room = 2 * MARGIN * Math.max(box.x1 - box.x0, box.y1 - box.y0);
  const width = Math.max(box.x1 - box.x0 + room, (box.y1 - box.y0 + room) * aspect);
  const height = width / aspect;
  return [(box.x0 + box.x1 - width) / 2, (box.y0 + box.y1 - height) / 2, width, height];
}

/** Draws in the canvas' own pixels, one for each of the device's. */
export function drawMaskThumb(
  canvas: HTMLCanvasElement,
  mask: MaskLogits,
  { frame, photo, color }: { readonly frame: Xywh; readonly photo: Photo | null; readonly color: string },
): void {
  canvas.width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  canvas.height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = color;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (photo) drawPhoto(context, photo, frame);
  const picture = context.getImageData(0, 0, canvas.width, canvas.height);
  shade(picture, bitmapOf(mask, frame, picture));
  context.putImageData(picture, 0, 0);
}

function drawPhoto(context: CanvasRenderingContext2D, { bitmap, imageSize }: Photo, frame: Xywh): void {
  const [x, y, width, height] = frame;
  const [across, down] = [bitmap.width / imageSize.width, bitmap.height / imageSize.height];
  const { width: columns, height: rows } = context.canvas;
  context.clearRect(0, 0, columns, rows);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, x * across, y * down, width * across, height * down, 0, 0, columns, rows);
}

/** 1 where the logits, bilinear between their cells, are above 0. */
function bitmapOf(mask: MaskLogits, [left, top, width, height]: Xywh, picture: Size): Uint8Array {
  const [cropX, cropY, cropWidth, cropHeight] = mask.crop;
  const input = inputSize(sizeOfCrop(mask.crop), mask.inputSide);
  const cells = LOGIT_SIDE / mask.inputSide;
  const bitmap = new Uint8Array(picture.width * picture.height);
  for (let row = 0; row < picture.height; row += 1) {
    const y = (top + ((row + 0.5) / picture.height) * height - cropY) / cropHeight;
    for (let column = 0; column < picture.width; column += 1) {
      const x = (left + ((column + 0.5) / picture.width) * width - cropX) / cropWidth;
      const isInside = x >= 0 && y >= 0 && x < 1 && y < 1;
      const at = row * picture.width + column;
      if (isInside && valueAt(mask.logits, x * input.width * cells, y * input.height * cells) > 0) {
        bitmap[at] = 1;
      }
    }
  }
  return bitmap;
}

/** In cells from the corner of the grid. */
function valueAt(logits: Float32Array, x: number, y: number): number {
  const [column, row] = [clamp(x - 0.5), clamp(y - 0.5)];
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, bottom] = [Math.min(left + 1, LOGIT_SIDE - 1), Math.min(top + 1, LOGIT_SIDE - 1)];
  const along = (line: number): number => {
    const share = column - left;
    return (
      (logits[line * LOGIT_SIDE + left] ?? 0) * (1 - share) + (logits[line * LOGIT_SIDE + right] ?? 0) * share
    );
  };
  return along(top) * (1 - (row - top)) + along(bottom) * (row - top);
}

const clamp = (value: number): number => Math.min(Math.max(value, 0), LOGIT_SIDE - 1);

/** Darkens what is outside; the first pixels inside are white, whatever the photo and the category. */
function shade({ data, width, height }: ImageData, bitmap: Uint8Array): void {
  const reach = Math.max(1, Math.round(devicePixelRatio));
  for (let at = 0; at < bitmap.length; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isEdge = [-reach, reach].some(
      (by) =>
        (x + by >= 0 && x + by < width && bitmap[at + by] !== 1) ||
        (y + by >= 0 && y + by < height && bitmap[at + by * width] !== 1),
    );
    for (let channel = at * 4; channel < at * 4 + 3; channel += 1) {
      if (bitmap[at] !== 1) data[channel] = (data[channel] ?? 0) * OUTSIDE;
      else if (isEdge) data[channel] = 255;
    }
  }
}

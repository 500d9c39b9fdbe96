import type { Size } from '../../geometry/types';

/** The model's grid: 256x256, the image's long side filling it. */
const GRID = 256;
/** Every third grid cell is plenty at the size of a fingernail. */
const STEP = 3;

/** Draws where the logits are above 0, in the shape of the image, without the grid's padding. */
export function drawMaskThumb(
  canvas: HTMLCanvasElement,
  logits: Float32Array,
  { width, height }: Size,
  color: string,
): void {
  const scale = GRID / Math.max(width, height);
  canvas.width = Math.max(1, Math.round((width * scale) / STEP));
  canvas.height = Math.max(1, Math.round((height * scale) / STEP));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = color;
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if ((logits[y * STEP * GRID + x * STEP] ?? 0) > 0) context.fillRect(x, y, 1, 1);
    }
  }
}

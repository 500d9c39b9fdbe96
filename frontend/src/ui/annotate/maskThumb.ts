import { sizeOfCrop } from '../../geometry/crops';
import type { MaskLogits } from '../../geometry/decoding';
import { LOGIT_SIDE } from '../../geometry/upsample';

/** Every third grid cell is plenty at the size of a fingernail. */
const STEP = 3;

/** Draws where the logits are above 0, in the shape of what the model saw, without the grid's padding. */
export function drawMaskThumb(canvas: HTMLCanvasElement, { logits, crop }: MaskLogits, color: string): void {
  const { width, height } = sizeOfCrop(crop);
  const scale = LOGIT_SIDE / Math.max(width, height);
  canvas.width = Math.max(1, Math.round((width * scale) / STEP));
  canvas.height = Math.max(1, Math.round((height * scale) / STEP));
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = color;
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      if ((logits[y * STEP * LOGIT_SIDE + x * STEP] ?? 0) > 0) context.fillRect(x, y, 1, 1);
    }
  }
}

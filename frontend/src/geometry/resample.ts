/** Logits of one crop as those of another: for a mask prompt that was made before the model saw another part of the image. */
import type { Xywh } from './box';
import { isSameCrop, sizeOfCrop } from './crops';
import type { MaskLogits } from './decoding';
import { gridSize } from './grid';
import { inputSize, LOGIT_SIDE } from './upsample';

/** What the model is as good as sure to be background. */
const OUTSIDE = -20;

/** How the cells of one axis of the new grid read the old one. */
interface Axis {
  /** The cell read, or -1 outside the crop; and the next one, which may be the same. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Share of `high`. */
  readonly weight: Float64Array;
}

/** Where a crop lies along one axis, in pixels of the image, and how many of its cells hold it. */
interface Span {
  readonly start: number;
  readonly length: number;
  /** Pixels of the image in a cell. */
  readonly pitch: number;
  readonly cells: number;
}

function spansOf(crop: Xywh, inputSide: number): readonly [across: Span, down: Span] {
  const [x, y, width, height] = crop;
  const input = inputSize(sizeOfCrop(crop), inputSide);
  const grid = gridSize(sizeOfCrop(crop), inputSide);
  const cell = inputSide / LOGIT_SIDE;
  return [
    { start: x, length: width, pitch: (cell * width) / input.width, cells: grid.width },
    { start: y, length: height, pitch: (cell * height) / input.height, cells: grid.height },
  ];
}

function axisBetween(from: Span, to: Span): Axis {
  const axis = {
    low: new Int32Array(LOGIT_SIDE).fill(-1),
    high: new Int32Array(LOGIT_SIDE),
    weight: new Float64Array(LOGIT_SIDE),
  };
  for (let cell = 0; cell < to.cells; cell += 1) {
    const pixel = to.start + (cell + 0.5) * to.pitch - from.start;
    if (pixel < 0 || pixel > from.length) continue;
    const at = Math.min(Math.max(pixel / from.pitch - 0.5, 0), from.cells - 1);
    axis.low[cell] = Math.floor(at);
    axis.high[cell] = Math.min(Math.floor(at) + 1, from.cells - 1);
    axis.weight[cell] = at - Math.floor(at);
  }
  return axis;
}

function readCell(logits: Float32Array, across: Axis, down: Axis, x: number, y: number): number {
  const [left, right, share] = [across.low[x] ?? -1, across.high[x] ?? 0, across.weight[x] ?? 0];
  const [top, bottom, weight] = [down.low[y] ?? -1, down.high[y] ?? 0, down.weight[y] ?? 0];
  if (left < 0 || top < 0) return OUTSIDE;
  const row = (at: number): number =>
    (1 - share) * (logits[at * LOGIT_SIDE + left] ?? 0) + share * (logits[at * LOGIT_SIDE + right] ?? 0);
  return (1 - weight) * row(top) + weight * row(bottom);
}

/** 256x256: bilinear between the centres of cells; far below 0 where the mask's crop says nothing. */
export function resampleLogits(mask: MaskLogits, crop: Xywh): Float32Array {
  if (isSameCrop(mask.crop, crop)) return mask.logits;
  const [fromAcross, fromDown] = spansOf(mask.crop, mask.inputSide);
  const [toAcross, toDown] = spansOf(crop, mask.inputSide);
  const [across, down] = [axisBetween(fromAcross, toAcross), axisBetween(fromDown, toDown)];
  return Float32Array.from({ length: LOGIT_SIDE * LOGIT_SIDE }, (_, i) =>
    readCell(mask.logits, across, down, i % LOGIT_SIDE, Math.floor(i / LOGIT_SIDE)),
  );
}

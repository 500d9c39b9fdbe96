/** Logits of one crop as those of another: for a mask prompt that was made before the model saw another part of the image. */
import type { Xywh } from './box';
import { isSameCrop, sizeOfCrop } from './crops';
import type { MaskLogits } from './decoding';
import { gridSize } from './grid';
import { inputSize, LOGIT_SIDE } from './upsample';

/** What the model is as good as sure to be background. */
const OUTSIDE = -20;

/** How the cells of one axis of the new grid read the old one: each the mean of some samples between its edges. */
interface Axis {
  /** For each cell. */
  readonly samples: number;
  /** (256 * samples): the cell read, or -1 outside the crop; and the next one, which may be the same. */
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

/** A cell of the new grid that covers several of the old one takes as many samples: thin parts do not slip through. */
function axisBetween(from: Span, to: Span): Axis {
  const samples = Math.max(1, Math.ceil(to.pitch / from.pitch));
  const [low, high] = [new Int32Array(LOGIT_SIDE * samples).fill(-1), new Int32Array(LOGIT_SIDE * samples)];
  const weight = new Float64Array(LOGIT_SIDE * samples);
  for (let i = 0; i < to.cells * samples; i += 1) {
    const pixel = to.start + ((i + 0.5) / samples) * to.pitch - from.start;
    if (pixel < 0 || pixel > from.length) continue;
    const at = Math.min(Math.max(pixel / from.pitch - 0.5, 0), from.cells - 1);
    low[i] = Math.floor(at);
    high[i] = Math.min(Math.floor(at) + 1, from.cells - 1);
    weight[i] = at - Math.floor(at);
  }
  return { samples, low, high, weight };
}

function readCell({ samples, low, high, weight }: Axis, cell: number, read: (at: number) => number): number {
  let sum = 0;
  for (let i = cell * samples; i < (cell + 1) * samples; i += 1) {
    const [at, share] = [low[i] ?? -1, weight[i] ?? 0];
    sum += at < 0 ? OUTSIDE : (1 - share) * read(at) + share * read(high[i] ?? at);
  }
  return sum / samples;
}

/** 256x256: bilinear between the centres of cells; far below 0 where the mask's crop says nothing. */
export function resampleLogits(mask: MaskLogits, crop: Xywh): Float32Array {
  if (isSameCrop(mask.crop, crop)) return mask.logits;
  const [fromAcross, fromDown] = spansOf(mask.crop, mask.inputSide);
  const [toAcross, toDown] = spansOf(crop, mask.inputSide);
  const [across, down] = [axisBetween(fromAcross, toAcross), axisBetween(fromDown, toDown)];
  const rows = Float32Array.from({ length: fromDown.cells * LOGIT_SIDE }, (_, i) => {
    const start = i - (i % LOGIT_SIDE);
    return readCell(across, i % LOGIT_SIDE, (at) => mask.logits[start + at] ?? 0);
  });
  return Float32Array.from({ length: LOGIT_SIDE * LOGIT_SIDE }, (_, i) => {
    const x = i % LOGIT_SIDE;
    return readCell(down, (i - x) / LOGIT_SIDE, (at) => rows[at * LOGIT_SIDE + x] ?? 0);
  });
}

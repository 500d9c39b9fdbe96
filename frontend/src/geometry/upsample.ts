/**
 * From the model's logits to the mask at the image's size, by the official rule: 256x256 logits, bilinearly to the model's
 * square input (1024x1024 for most), cut to the resized image, bilinearly to the image, above 0 (`align_corners=False`
 * both times). For a model whose input is 256x256 the first step changes nothing. What the model saw of a larger image, its
 * crop, is brought to its size in this way, and laid into the image, which is empty around it.
 *
 * No image of floats is made. Both steps are separable, so a column of the mask depends on one column of 256 numbers,
 * and every pixel of it on at most three neighbours in there: where these agree in sign, so does the pixel, whatever
 * its weights. Only pixels near an edge of the mask are computed; the work hardly grows with the image.
 */
import type { MaskLogits } from './decoding';
import { sizeOfCrop } from './crops';
import { measureRuns, type Measure } from './mask';
import { encodeRuns, type Runs, RunWriter } from './rle';
import type { Rle, Size } from './types';

/** Side of the grid of logits. */
export const LOGIT_SIDE = 256;

/** The image inside the model's square input: the long side fills it. A side is never less than one pixel. */
export function inputSize({ width, height }: Size, inputSide: number): Size {
  const scale = inputSide / Math.max(width, height);
  const side = (length: number): number => Math.max(1, Math.floor(length * scale + 0.5));
  return { width: side(width), height: side(height) };
}

/** Where one output of a bilinear resize reads: `low`, and `low + 1` with this weight (0 where there is none). */
interface Tap {
  readonly low: number;
  readonly weight: number;
}

/** PyTorch's rule, in its single precision: centres at +0.5, clamped to the first and the last input. */
function tapOf(output: number, inputs: number, outputs: number): Tap {
  const scaled = Math.fround(Math.fround(inputs / outputs) * (output + 0.5));
  const source = Math.max(0, Math.fround(scaled - 0.5));
  const low = Math.min(Math.floor(source), inputs - 1);
  return { low, weight: low + 1 < inputs ? source - low : 0 };
}

/** How the pixels of one axis read the logits: both resizes as one. */
interface Axis {
  /** First and last logit that a pixel depends on, at most three in all. Both rise with the pixel. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** (pixels, 3) flattened: weights of `first`, `first + 1` and `first + 2`. */
  readonly weights: Float64Array;
}

/** `cut` of the input's `side` pixels hold image, and become `pixels`. */
function composeAxis(side: number, cut: number, pixels: number): Axis {
  const [first, last] = [new Int32Array(pixels), new Int32Array(pixels)];
  const weights = new Float64Array(pixels * 3);
  const add = (pixel: number, { low, weight }: Tap, share: number): void => {
    if (share === 0) return;
    const at = pixel * 3 + low - (first[pixel] ?? 0);
    weights[at] = (weights[at] ?? 0) + share * (1 - weight);
    if (weight > 0) weights[at + 1] = (weights[at + 1] ?? 0) + share * weight;
    last[pixel] = weight > 0 ? low + 1 : low;
  };
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const outer = tapOf(pixel, cut, pixels);
    const low = tapOf(outer.low, LOGIT_SIDE, side);
    first[pixel] = low.low;
    add(pixel, low, 1 - outer.weight);
    add(pixel, tapOf(outer.low + 1, LOGIT_SIDE, side), outer.weight);
  }
  return { first, last, weights };
}

/** For every logit of an axis: how many pixels depend on none beyond it. */
function pixelsWithin({ last }: Axis): Int32Array {
  const within = new Int32Array(LOGIT_SIDE);
  for (let logit = 0, pixel = 0; logit < LOGIT_SIDE; logit += 1) {
    while (pixel < last.length && (last[pixel] ?? 0) <= logit) pixel += 1;
    within[logit] = pixel;
  }
  return within;
}

/** Resizes across: image column `x` over the rows of logits that hold image. */
function readColumn(logits: Float32Array, { first, weights }: Axis, x: number, column: Float64Array): void {
  const [a, b, c] = [weights[x * 3] ?? 0, weights[x * 3 + 1] ?? 0, weights[x * 3 + 2] ?? 0];
  for (let row = 0, at = first[x] ?? 0; row < column.length; row += 1, at += LOGIT_SIDE) {
    column[row] = a * (logits[at] ?? 0) + b * (logits[at + 1] ?? 0) + c * (logits[at + 2] ?? 0);
  }
}

/** For every logit of a column: the last one of the stretch on the same side of 0. */
function findStretches(column: Float64Array, ends: Int32Array): void {
  let end = column.length - 1;
  for (let row = end; row >= 0; row -= 1) {
    if ((column[row] ?? 0) > 0 !== (column[end] ?? 0) > 0) end = row;
    ends[row] = end;
  }
}

/** Resizes down: the value of pixel `y` of a column. */
function valueAt(column: Float64Array, { first, weights }: Axis, y: number): number {
  const at = first[y] ?? 0;
  const [a, b, c] = [column[at] ?? 0, column[at + 1] ?? 0, column[at + 2] ?? 0];
  return a * (weights[y * 3] ?? 0) + b * (weights[y * 3 + 1] ?? 0) + c * (weights[y * 3 + 2] ?? 0);
}

/** One axis of one crop, both ways that it is read. */
interface Axes {
  readonly across: Axis;
  readonly down: Axis;
  readonly within: Int32Array;
}

function axesOf({ inputSide, crop }: MaskLogits): Axes {
  const { width, height } = sizeOfCrop(crop);
  const input = inputSize({ width, height }, inputSide);
  const down = composeAxis(inputSide, input.height, height);
  return { across: composeAxis(inputSide, input.width, width), down, within: pixelsWithin(down) };
}

/** Writes one column of the crop; `ends` are the stretches of its logits. */
function writeColumn(
  writer: RunWriter,
  { down, within }: Axes,
  column: Float64Array,
  ends: Int32Array,
): void {
  for (let y = 0; y < down.first.length;) {
    const row = down.first[y] ?? 0;
    const agreed = (within[ends[row] ?? 0] ?? 0) - y;
    const value = agreed > 0 ? (column[row] ?? 0) : valueAt(column, down, y);
    const length = Math.max(agreed, 1);
    writer.add(value > 0 ? 1 : 0, length);
    y += length;
  }
}

/** The mask of the image as runs. */
export function upsampleToRuns(mask: MaskLogits, imageSize: Size): Runs {
  const [left, top, width, height] = mask.crop;
  const axes = axesOf(mask);
  const column = new Float64Array((axes.down.last.at(-1) ?? 0) + 1);
  const ends = new Int32Array(column.length);
  const writer = new RunWriter();
  const skip = (pixels: number): void => {
    if (pixels > 0) writer.add(0, pixels);
  };
  skip(left * imageSize.height);
  for (let x = 0; x < width; x += 1) {
    readColumn(mask.logits, axes.across, x, column);
    findStretches(column, ends);
    skip(top);
    writeColumn(writer, axes, column, ends);
    skip(imageSize.height - top - height);
  }
  skip((imageSize.width - left - width) * imageSize.height);
  return writer.finish();
}

export interface MeasuredMask extends Measure {
  readonly segmentation: Rle;
}

/** The mask of the image, ready to be stored: COCO's RLE with its bounding box and area. */
export function maskFromLogits(mask: MaskLogits, imageSize: Size): MeasuredMask {
  const runs = upsampleToRuns(mask, imageSize);
  return { segmentation: encodeRuns(runs, imageSize), ...measureRuns(runs, imageSize.height) };
}

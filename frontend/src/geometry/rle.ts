/**
 * COCO's run-length encoding. Runs go down the columns, left to right, and alternate between 0 and 1, starting with 0
 * (a mask that starts with 1 has a first run of length 0). The compressed string writes each run as the difference from
 * the run two before it (from the fourth run on) in base 32, least digit first, six bits a character from '0' on: five bits of the
 * number, one that says that more follow.
 */
import type { Bitmap, Rle, Size } from './types';

/** Lengths of alternating runs, 0 first. */
export type Runs = Uint32Array;

/** A segmentation that does not describe a mask of its size. */
export class RleError extends Error {
  override readonly name = 'RleError';
}

const FIRST_CHARACTER = 48;
const MORE = 32;
const SIGN = 16;
/** Largest number of characters of one run: a difference has at most 33 bits with its sign. */
const LONGEST = 7;

/** Writes a signed number; returns where the next one goes. */
function writeNumber(text: Uint8Array, at: number, value: number): number {
  let more = true;
  while (more) {
    const digit = value & 31;
    value >>= 5;
    more = digit & SIGN ? value !== -1 : value !== 0;
    text[at++] = FIRST_CHARACTER + (more ? digit | MORE : digit);
  }
  return at;
}

/** Runs to COCO's string. */
export function runsToCounts(runs: Runs): string {
  const text = new Uint8Array(runs.length * LONGEST);
  let end = 0;
  for (let i = 0; i < runs.length; i += 1) {
    const before = i > 2 ? (runs[i - 2] ?? 0) : 0;
    end = writeNumber(text, end, (runs[i] ?? 0) - before);
  }
  return new TextDecoder().decode(text.subarray(0, end));
}

/**
 * Reads the runs of a COCO string one by one, without building them all.
 *
 *   const reader = new RunReader(rle);
 *   while (reader.next()) use(reader.length, reader.value);
 */
export class RunReader {
  /** Length of the run just read. */
  length = 0;
  /** 0 or 1. */
  value: 0 | 1 = 1;
  private at = 0;
  private read = 0;
  private previous = 0;
  private beforePrevious = 0;

  constructor(private readonly counts: string) {}

  /** False at the end. Throws `RleError` where the string is broken. */
  next(): boolean {
    if (this.at >= this.counts.length) return false;
    const difference = this.readNumber();
    this.length = difference + (this.read > 2 ? this.beforePrevious : 0);
    if (this.length < 0) throw new RleError(`Run ${this.read} of the segmentation is negative.`);
    this.beforePrevious = this.previous;
    this.previous = this.length;
    this.value = this.read % 2 === 0 ? 0 : 1;
    this.read += 1;
    return true;
  }

  private readNumber(): number {
    let [number, shift, digit] = [0, 0, MORE];
    while (digit & MORE) {
      digit = this.counts.charCodeAt(this.at++) - FIRST_CHARACTER;
      if (!(digit >= 0 && digit < 64) || shift > 30) {
        throw new RleError(`Character ${this.at - 1} of the segmentation is not part of a run.`);
      }
      number |= (digit & 31) << shift;
      shift += 5;
    }
    return digit & SIGN && shift < 32 ? number | (-1 << shift) : number;
  }
}

/** A COCO string to runs that fill `size` exactly. Throws `RleError` when they do not. */
export function countsToRuns({ counts, size: [height, width] }: Rle): Runs {
  const runs = new Uint32Array(counts.length);
  const reader = new RunReader(counts);
  let [count, total] = [0, 0];
  while (reader.next()) {
    runs[count++] = reader.length;
    total += reader.length;
  }
  if (total !== height * width) {
    throw new RleError(
      `The segmentation has ${total} pixels; an image of ${width}x${height} has ${height * width}.`,
    );
  }
  return runs.slice(0, count);
}

/** Columns that are turned together: a tile of them stays in the processor's cache. */
const TILE = 64;

/** Copies columns x0..x1 of a row-major bitmap into a column-major tile. */
function readTile({ data, width, height }: Bitmap, x0: number, x1: number, tile: Uint8Array): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = x0, from = y * width + x0, to = y; x < x1; x += 1, from += 1, to += height) {
      tile[to] = data[from] ?? 0;
    }
  }
}

function writeTile(tile: Uint8Array, { data, width, height }: Bitmap, x0: number, x1: number): void {
  for (let y = 0; y < height; y += 1) {
    for (let x = x0, to = y * width + x0, from = y; x < x1; x += 1, to += 1, from += height) {
      data[to] = tile[from] ?? 0;
    }
  }
}

/** Collects runs pixel by pixel or stretch by stretch; neighbours of one value melt together. */
export class RunWriter {
  private runs = new Uint32Array(1024);
  private count = 0;
  private value: 0 | 1 = 0;
  private length = 0;

  add(value: 0 | 1, length: number): void {
    if (value !== this.value) {
      this.push();
      this.value = value;
    }
    this.length += length;
  }

  finish(): Runs {
    this.push();
    return this.runs.slice(0, this.count);
  }

  private push(): void {
    if (this.count === this.runs.length) this.grow();
    this.runs[this.count++] = this.length;
    this.length = 0;
  }

  private grow(): void {
    const larger = new Uint32Array(this.runs.length * 2);
    larger.set(this.runs);
    this.runs = larger;
  }
}

function addPixels(writer: RunWriter, pixels: Uint8Array, end: number): void {
  let start = 0;
  for (let i = 1; i <= end; i += 1) {
    if (i < end && pixels[i] === pixels[start]) continue;
    writer.add(pixels[start] === 0 ? 0 : 1, i - start);
    start = i;
  }
}

export function bitmapToRuns(bitmap: Bitmap): Runs {
  const { width, height } = bitmap;
  const tile = new Uint8Array(TILE * height);
  const writer = new RunWriter();
  for (let x0 = 0; x0 < width; x0 += TILE) {
    const x1 = Math.min(x0 + TILE, width);
    readTile(bitmap, x0, x1, tile);
    addPixels(writer, tile, (x1 - x0) * height);
  }
  return writer.finish();
}

/** `runs` must fill the size. */
export function runsToBitmap(runs: Runs, { width, height }: Size): Bitmap {
  const bitmap = { width, height, data: new Uint8Array(width * height) };
  const tile = new Uint8Array(TILE * height);
  let [run, left] = [0, runs[0] ?? 0];
  for (let x0 = 0; x0 < width; x0 += TILE) {
    const x1 = Math.min(x0 + TILE, width);
    for (let at = 0, end = (x1 - x0) * height; at < end;) {
      const stretch = Math.min(left, end - at);
      tile.fill(run % 2, at, at + stretch);
      at += stretch;
      left -= stretch;
      if (left === 0) left = runs[++run] ?? 0;
    }
    writeTile(tile, bitmap, x0, x1);
  }
  return bitmap;
}

export function encodeRuns(runs: Runs, { width, height }: Size): Rle {
  return { size: [height, width], counts: runsToCounts(runs) };
}

/** A bitmap to COCO's compressed form. */
export function encodeMask(bitmap: Bitmap): Rle {
  return encodeRuns(bitmapToRuns(bitmap), bitmap);
}

/** COCO's compressed form to a bitmap. Throws `RleError` when the string does not fill its size. */
export function decodeMask(rle: Rle): Bitmap {
  const [height, width] = rle.size;
  return runsToBitmap(countsToRuns(rle), { width, height });
}

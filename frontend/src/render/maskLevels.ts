/** A mask at halved sizes, for views that show many of its pixels in one: fewer words to read, and no flicker. */
import type { Xywh } from '../geometry/box';
import type { Rle } from '../geometry/types';
import { packMask } from './maskBits';

/** Halvings at most; beyond, a few pixels of a level fall into one of the screen. */
const MOST_LEVELS = 6;
/** Boxes with shorter sides are not worth another level. */
const SMALLEST_SIDE = 16;

export interface MaskLevel {
  /** Among the words of the mask. */
  readonly first: number;
  /** Words a row. */
  readonly stride: number;
}

export interface MaskLevels {
  /** The levels one after the other, the full size first. */
  readonly words: Uint32Array;
  readonly levels: readonly MaskLevel[];
}

/** A bit of level n stands for 2^n by 2^n pixels, counted from the corner of the box. */
export function packLevels(rle: Rle, bbox: Xywh): MaskLevels {
  let { words, stride } = packMask(rle, bbox);
  const parts = [words];
  const levels: MaskLevel[] = [{ first: 0, stride }];
  let [, , width, height] = bbox;
  for (let first = words.length; levels.length < MOST_LEVELS; first += words.length) {
    if (Math.min(width, height) < SMALLEST_SIDE) break;
    words = halve(words, stride, height);
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    stride = Math.ceil(width / 32);
    parts.push(words);
    levels.push({ first, stride });
  }
  return { words: concatenate(parts), levels };
}

/** The level whose pixels are the largest that do not exceed a pixel of the screen. */
export function levelFor(scale: number): number {
  return Math.max(0, Math.floor(-Math.log2(scale)));
}

/** A pixel is in when at least two of its four are: lines of one pixel survive. */
function halve(words: Uint32Array, stride: number, height: number): Uint32Array {
  const half = Math.ceil(stride / 2);
  const halved = new Uint32Array(half * Math.ceil(height / 2));
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const bits = halfWord(words[at] ?? 0, y + 1 < height ? (words[at + stride] ?? 0) : 0);
      const to = (y >> 1) * half + (x >> 1);
      halved[to] = (halved[to] ?? 0) | (bits << ((x & 1) * 16));
    }
  }
  return halved;
}

/** Two rows of 32 pixels to one of 16. */
function halfWord(a: number, b: number): number {
  const [nextA, nextB] = [a >>> 1, b >>> 1];
  let bits = ((a & nextA) | (b & nextB) | ((a | nextA) & (b | nextB))) & 0x55555555;
  bits = (bits | (bits >>> 1)) & 0x33333333;
  bits = (bits | (bits >>> 2)) & 0x0f0f0f0f;
  bits = (bits | (bits >>> 4)) & 0x00ff00ff;
  return (bits | (bits >>> 8)) & 0xffff;
}

function concatenate(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

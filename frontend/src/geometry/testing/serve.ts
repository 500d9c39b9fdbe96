/**
 * The mask algebra for tests in another language: reads one request a line, as JSON, and answers each with a line.
 * Masks travel as they are stored, in COCO's RLE; tests/geometry holds the answers against pycocotools, NumPy and SciPy.
 */
import { createInterface } from 'node:readline';
import type { Xywh } from '../box';
import { dropIslands, fillHoles, keepLargest, parts } from '../components';
import { fullMaskOf } from '../fullMask';
import { logitsOfMask } from '../maskPrompt';
import { contoursOf, type Ring, ringsToRuns, simplify } from '../rings';
import { countsToRuns, type Runs } from '../rle';
import { areaOf, combine, invert, iou, isEmpty, type SetOperation } from '../runs';
import { grow, smooth } from '../smooth';
import { type Dab, strokeToRuns } from '../stroke';
import type { Rle, Size } from '../types';

/** What an operation takes beyond masks of one size; each takes its own part of this. */
interface Values {
  readonly how: SetOperation;
  /** Pixels: a radius, an area, a tolerance; or how many parts. */
  readonly amount: number;
  readonly dabs: readonly Dab[];
  readonly rings: readonly Ring[];
  readonly crop: Xywh;
  readonly inputSide: number;
}

interface Request {
  readonly operation: keyof typeof operations;
  readonly size: Size;
  readonly masks: readonly Rle[];
  readonly values: Values;
}

type Operation = (masks: readonly Runs[], size: Size, values: Values) => unknown;

/** An operation on one mask that gives another. */
function edit(change: (mask: Runs, size: Size, values: Values) => Runs): Operation {
  return ([mask = EMPTY], size, values) => fullMaskOf(change(mask, size, values), size);
}

const EMPTY: Runs = Uint32Array.of();

const operations = {
  combine: ([a = EMPTY, b = EMPTY], size, { how }) => fullMaskOf(combine(a, b, how), size),
  iou: ([a = EMPTY, b = EMPTY]) => iou(a, b),
  measure: ([mask = EMPTY], size) => ({
    ...fullMaskOf(mask, size),
    sum: areaOf(mask),
    isEmpty: isEmpty(mask),
  }),
  invert: edit(invert),
  parts: ([mask = EMPTY], size) => parts(mask, size).map((part) => fullMaskOf(part, size)),
  fillHoles: edit((mask, size, { amount }) => fillHoles(mask, size, amount)),
  dropIslands: edit((mask, size, { amount }) => dropIslands(mask, size, amount)),
  keepLargest: edit((mask, size, { amount }) => keepLargest(mask, size, amount)),
  grow: edit((mask, size, { amount }) => grow(mask, size, amount)),
  smooth: edit((mask, size, { amount }) => smooth(mask, size, amount)),
  stroke: (_, size, { dabs }) => fullMaskOf(strokeToRuns(dabs, size), size),
  rings: (_, size, { rings }) => fullMaskOf(ringsToRuns(rings, size), size),
  contours: ([mask = EMPTY], size, { amount }) => simplify(contoursOf(mask, size), amount),
  logits: ([mask = EMPTY], size, { crop, inputSide }) =>
    Array.from(logitsOfMask(fullMaskOf(mask, size), size, crop, inputSide)),
} satisfies Record<string, Operation>;

function answer(line: string): unknown {
  const { operation, size, masks, values } = JSON.parse(line) as Request;
  return operations[operation](masks.map(countsToRuns), size, values);
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}

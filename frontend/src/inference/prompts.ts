/** Prompts in pixels of the image to the decoder's point inputs. */
import type { Xywh } from '../geometry/box';
import { sizeOfCrop } from '../geometry/crops';
import type { Prompt } from '../geometry/decoding';
import { inputSize } from '../geometry/upsample';

/** The model's labels. A padding point says "not a point" and must close every set of prompts that has no box. */
export const LABEL = { background: 0, foreground: 1, padding: -1, boxTopLeft: 2, boxBottomRight: 3 } as const;

export interface PointInputs {
  /** (N, 2) flattened: x, y in pixels of the model's input. */
  readonly coords: Float32Array;
  /** (N,) */
  readonly labels: Float32Array;
  readonly count: number;
}

type Row = readonly [x: number, y: number, label: number];

function rowsOf(prompt: Prompt): readonly Row[] {
  if (prompt.kind === 'point') return [[prompt.x, prompt.y, prompt.label]];
  const { x0, y0, x1, y1 } = prompt.box;
  return [
    [x0, y0, LABEL.boxTopLeft],
    [x1, y1, LABEL.boxBottomRight],
  ];
}

/**
 * Points keep the order in which they were placed, positives and negatives mixed: the mask prior of the previous round
 * belongs to that order. Boxes follow, as in the official code. What lies outside the crop lies outside the input, too.
 */
export function encodePrompts(prompts: readonly Prompt[], crop: Xywh, inputSide: number): PointInputs {
  const [left, top, width, height] = crop;
  const input = inputSize(sizeOfCrop(crop), inputSide);
  const [scaleX, scaleY] = [input.width / width, input.height / height];
  const points = prompts.filter((prompt) => prompt.kind === 'point').flatMap(rowsOf);
  const boxes = prompts.filter((prompt) => prompt.kind === 'box').flatMap(rowsOf);
  const rows = [...points, ...boxes].map(([x, y, label]): Row => [
    (x - left) * scaleX,
    (y - top) * scaleY,
    label,
  ]);
  if (boxes.length === 0) rows.push([0, 0, LABEL.padding]);
  return {
    coords: Float32Array.from(rows.flatMap(([x, y]) => [x, y])),
    labels: Float32Array.from(rows.map(([, , label]) => label)),
    count: rows.length,
  };
}

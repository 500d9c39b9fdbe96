/**
 * Clicks on a mask that is known pixel by pixel (stored, imported or painted) mend it where they are, and leave the rest as
 * it is. The model is shown the mask, and told its box: without, it hardly holds on to what it is shown.
 */
import { parts } from '../geometry/components';
import type { BoxPrompt, FullMask, PointPrompt, Prompt } from '../geometry/decoding';
import { fullMaskOf, runsOf } from '../geometry/fullMask';
import type { Runs } from '../geometry/rle';
import { combine } from '../geometry/runs';
import type { Point, Size } from '../geometry/types';
import type { MakingMask } from './model';

/** What is mended: null where a box restates the object, or there is nothing to hold on to. */
export function mendedBy(prompt: Prompt | undefined, ground: MakingMask | null): FullMask | null {
  return prompt?.kind === 'point' && ground?.kind === 'full' && ground.mask.area > 0 ? ground.mask : null;
}

/** What the model is asked: with the box of the mask, and of what the clicks add to it. */
export function promptsToMend({ bbox }: FullMask, prompts: readonly Prompt[]): readonly Prompt[] {
  if (prompts.some(({ kind }) => kind === 'box')) return prompts;
  const [x, y, width, height] = bbox;
  const taken = prompts.filter(
    (prompt): prompt is PointPrompt => prompt.kind === 'point' && prompt.label === 1,
  );
  const [xs, ys] = [taken.map((point) => point.x), taken.map((point) => point.y)];
  const box: BoxPrompt['box'] = {
    x0: Math.min(x, ...xs),
    y0: Math.min(y, ...ys),
    x1: Math.max(x + width, ...xs),
    y1: Math.max(y + height, ...ys),
  };
  return [{ kind: 'box', box }, ...prompts];
}

/** Takes over, of all that the model would change in the way of the click, the one part that the click lies in. */
export function mended(before: FullMask, after: FullMask, click: PointPrompt): FullMask {
  const size = sizeOf(before);
  const [own, wanted] = [runsOf(before), runsOf(after)];
  const changes = click.label === 1 ? combine(wanted, own, 'difference') : combine(own, wanted, 'difference');
  const part = parts(changes, size).find((runs) => covers(runs, click, size));
  if (!part) return before;
  return fullMaskOf(combine(own, part, click.label === 1 ? 'union' : 'difference'), size);
}

export function sizeOf({ segmentation }: FullMask): Size {
  const [height, width] = segmentation.size;
  return { width, height };
}

function covers(runs: Runs, { x, y }: Point, { height }: Size): boolean {
  const index = Math.floor(x) * height + Math.floor(y);
  let end = 0;
  const at = runs.findIndex((length) => (end += length) > index);
  return at % 2 === 1;
}

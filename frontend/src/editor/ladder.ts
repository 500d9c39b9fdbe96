/** Which of the model's masks are offered for a set of prompts, in which order, and which one is shown first. */
import type { Xywh } from '../geometry/box';
import { sizeOfCrop } from '../geometry/crops';
import {
  type Candidate,
  MASK_TOKENS,
  type MaskLogits,
  type MaskToken,
  type Prompt,
} from '../geometry/decoding';
import { gridSize, measureLogits } from '../geometry/grid';
import { resampleLogits } from '../geometry/resample';
import { inputSize, LOGIT_SIDE } from '../geometry/upsample';
import { chooseToken, type GridClick, isAmbiguous, obeying, type Prompted } from './clickRule';
import type { Rung, RungName } from './model';

const SINGLE = 0;
const NAMES = ['whole', 'part', 'subpart'] as const satisfies readonly RungName[];

/** What the model was asked. */
export interface Asked {
  readonly prompts: readonly Prompt[];
  /** The mask that was shown at that time, and is corrected; null: none. */
  readonly previous: MaskLogits | null;
}

export interface Ladder {
  readonly rungs: readonly Rung[];
  /** Index of the rung shown first; -1: no rungs. */
  readonly first: number;
}

/** The masks that the ladder of these prompts can hold: a lone point has no single answer. */
export function tokensFor(prompts: readonly Prompt[]): readonly MaskToken[] {
  const isLonePoint = prompts.length === 1 && prompts[0]?.kind === 'point';
  return isLonePoint ? MASK_TOKENS.filter((token) => token !== SINGLE) : MASK_TOKENS;
}

/** From the model's masks to the ladder: every mask obeys the clicks, and the rule says which one is shown first. */
export function ladderOf(asked: Asked, candidates: readonly Candidate[]): Ladder {
  if (!candidates[0]) return { rungs: [], first: -1 };
  const { crop, inputSide } = candidates[0];
  const prompted = onGrid(asked.prompts, crop, inputSide);
  const previous = asked.previous && resampleLogits(asked.previous, crop);
  const question = { ...prompted, masks: candidates, previous };
  const token = chooseToken(question, gridSize(sizeOfCrop(crop), inputSide));
  const rungs = rungsOf(
    candidates.map((candidate) => obedient(candidate, prompted)),
    prompted,
  );
  return { rungs, first: rungs.findIndex((rung) => rung.candidate.token === token) };
}

/** The masks of a ladder cut at another logit than 0. They still obey the clicks, and keep their order and names. */
export function cutAt(ladder: Ladder, threshold: number, prompts: readonly Prompt[]): Ladder {
  if (threshold === 0) return ladder;
  const rungs = ladder.rungs.map(({ name, candidate }) => {
    const logits = candidate.logits.map((value) => value - threshold);
    const cut = measured({ ...candidate, logits });
    return { name, candidate: obedient(cut, onGrid(prompts, candidate.crop, candidate.inputSide)) };
  });
  return { ...ladder, rungs };
}

/** The three ambiguous masks by falling area; before them the single one, where the prompts are not ambiguous. */
function rungsOf(candidates: readonly Candidate[], prompted: Prompted): readonly Rung[] {
  const three = candidates
    .filter((candidate) => candidate.token !== SINGLE)
    .sort((a, b) => b.gridArea - a.gridArea)
    .map((candidate, i): Rung => ({ name: NAMES[i] ?? 'subpart', candidate }));
  if (isAmbiguous(prompted)) return three;
  const single = candidates.filter((candidate) => candidate.token === SINGLE);
  return [...single.map((candidate): Rung => ({ name: 'single', candidate })), ...three];
}

/** Prompts in image pixels -> on the grid of the logits of a crop. */
export function onGrid(prompts: readonly Prompt[], crop: Xywh, inputSide: number): Prompted {
  const [left, top, width, height] = crop;
  const input = inputSize({ width, height }, inputSide);
  const cell = inputSide / LOGIT_SIDE;
  const clicks = prompts.flatMap((prompt): GridClick[] => {
    if (prompt.kind === 'box') return [];
    const column = ((prompt.x - left) * input.width) / width / cell - 0.5;
    const row = ((prompt.y - top) * input.height) / height / cell - 0.5;
    return [{ column, row, foreground: prompt.label === 1 }];
  });
  return { clicks, boxed: clicks.length < prompts.length };
}

/** The same candidate where it obeys already. */
function obedient(candidate: Candidate, prompted: Prompted): Candidate {
  const logits = obeying(
    candidate.logits,
    prompted,
    gridSize(sizeOfCrop(candidate.crop), candidate.inputSide),
  );
  return logits === candidate.logits ? candidate : measured({ ...candidate, logits });
}

/** With the area and the stability of its own logits. */
function measured(candidate: Candidate): Candidate {
  const { area, stability } = measureLogits(candidate);
  return { ...candidate, stability, gridArea: area };
}

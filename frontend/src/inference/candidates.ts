/** The decoder's raw outputs to the candidates that were asked for. */
import type { Xywh } from '../geometry/box';
import type { Candidate, MaskToken } from '../geometry/decoding';
import { LOGIT_SIDE } from '../geometry/upsample';
import { measureLogits } from '../geometry/grid';
import type { ClickOutputs } from './runtime';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;

/** Where the logits come from. */
export interface Origin {
  /** Which mask each of them is. */
  readonly tokens: readonly MaskToken[];
  readonly inputSide: number;
  readonly crop: Xywh;
}

/** In the order of the tokens. Each candidate owns a copy of its logits, so that each can be transferred by itself. */
export function candidatesOf(
  { logits, predictedIous }: ClickOutputs,
  { tokens, inputSide, crop }: Origin,
): readonly Candidate[] {
  return tokens.map((token, i) => {
    const mask = { logits: logits.slice(i * CELLS, (i + 1) * CELLS), inputSide, crop };
    const { area, stability } = measureLogits(mask);
    return { ...mask, token, predictedIou: predictedIous[token] ?? 0, stability, gridArea: area };
  });
}

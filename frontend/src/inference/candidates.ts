/** The decoder's raw outputs to the four candidates. */
import type { Size } from '../geometry/types';
import { LOGIT_SIDE } from '../geometry/upsample';
import { measureLogits } from './grid';
import type { DecoderOutputs } from './runtime';
import type { Candidate, MaskToken } from './types';

const TOKENS: readonly MaskToken[] = [0, 1, 2, 3];
const CELLS = LOGIT_SIDE * LOGIT_SIDE;

/** In token order. Each candidate owns a copy of its logits, so that each can be transferred by itself. */
export function candidatesOf(
  { logits, predictedIous }: DecoderOutputs,
  imageSize: Size,
): readonly Candidate[] {
  return TOKENS.map((token) => {
    const own = logits.slice(token * CELLS, (token + 1) * CELLS);
    const { area, stability } = measureLogits(own, imageSize);
    return { token, logits: own, predictedIou: predictedIous[token] ?? 0, stability, gridArea: area };
  });
}

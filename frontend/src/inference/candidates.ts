/** The decoder's raw outputs to the candidates that were asked for. */
import { type Candidate, type DecodeRequest, MASK_TOKENS } from '../geometry/decoding';
import { LOGIT_SIDE } from '../geometry/upsample';
import { measureLogits } from './grid';
import type { DecoderOutputs } from './runtime';

const CELLS = LOGIT_SIDE * LOGIT_SIDE;

/** In token order. Each candidate owns a copy of its logits, so that each can be transferred by itself. */
export function candidatesOf(
  { logits, predictedIous }: DecoderOutputs,
  { imageSize, tokens = MASK_TOKENS }: Pick<DecodeRequest, 'imageSize' | 'tokens'>,
  inputSide: number,
): readonly Candidate[] {
  return tokens.map((token) => {
    const mask = { logits: logits.slice(token * CELLS, (token + 1) * CELLS), inputSide };
    const { area, stability } = measureLogits(mask, imageSize);
    return { ...mask, token, predictedIou: predictedIous[token] ?? 0, stability, gridArea: area };
  });
}

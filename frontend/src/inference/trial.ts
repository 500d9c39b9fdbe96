/** A made-up image and click: to warm a decoder up, to time it, and to see whether two of them agree. */
import { MASK_TOKENS } from '../geometry/decoding';
import { encodePrompts } from './prompts';
import type { BenchmarkResult } from './protocol';
import type { ClickInputs, SeenImage } from './runtime';

const EMBEDDING_VALUES = 256 * 64 * 64;
/** Logits of the benchmark's answer that are compared: every one of this many. */
const SAMPLED = 1009;

/** Values all over the range of real embeddings, so that a wrong product shows. */
export function trialEmbedding(): Float32Array {
  return Float32Array.from({ length: EMBEDDING_VALUES }, (_, i) => ((i * 37) % 101) / 100 - 0.5);
}

/** A point in the middle of a square image; all four masks. */
export function trialClick(inputSide: number): ClickInputs {
  const [x, y] = [inputSide / 2, inputSide / 2];
  const crop = [0, 0, inputSide, inputSide] as const;
  return {
    points: encodePrompts([{ kind: 'point', x, y, label: 1 }], crop, inputSide),
    prior: null,
    tokens: MASK_TOKENS,
  };
}

export async function timedClick(image: SeenImage, inputs: ClickInputs): Promise<BenchmarkResult> {
  const start = performance.now();
  const { logits, predictedIous } = await image.click(inputs);
  const ms = performance.now() - start;
  return { ms, predictedIous: [...predictedIous], logits: [...logits.filter((_, i) => i % SAMPLED === 0)] };
}

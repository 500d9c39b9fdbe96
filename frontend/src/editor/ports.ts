/**
 * What the editor asks of the model. The inference layer implements `Decoder`; tests implement it with a fake.
 * The editor never sees a tensor, a worker or a network.
 */
import type { Candidate, DecodeRequest, FullMask, MaskLogits } from '../geometry/decoding';
import type { Size } from '../geometry/types';

export interface Decoder {
  /**
   * Decodes one set of prompts into the candidates that `request.tokens` names, in token order. A `preview` that is
   * overtaken by a newer request, of either kind, resolves to null and costs nothing; a `click` is always answered.
   */
  decode(request: DecodeRequest, urgency: 'preview' | 'click'): Promise<readonly Candidate[] | null>;
  /** Upsamples a mask's logits to the image (crop the padding, bilinear, threshold at 0) and encodes them. */
  toFullMask(mask: MaskLogits, imageSize: Size): Promise<FullMask>;
}

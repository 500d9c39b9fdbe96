import type { Candidate, DecodeRequest, MaskLogits } from '../geometry/decoding';
import { logitsOfMask } from '../geometry/maskPrompt';
import type { Size } from '../geometry/types';
import { messageOf, MessageError, type Message } from '../i18n/message';
import { ladderOf, tokensFor } from './ladder';
import { promptsToMend } from './mending';
import type { MakingMask } from './model';
import type { Decoder } from './ports';
import type { Step } from './step';

export interface ModelAccess {
  readonly decoder: Decoder;
  readonly imageSize: Size;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Runs a change of state and lets the world know of it. */
  readonly transact: (change: () => void) => void;
}

/** Room around a mask, so that the model may let it grow; of its width and height. */
const MARGIN = 0.25;

/** A stored mask is shown as closely as it can be, whatever part of the image the model will see. */
function priorOf(shown: MakingMask | null, imageSize: Size, inputSide: number): MaskLogits | null {
  if (shown?.kind !== 'full') return shown?.candidate ?? null;
  const [x, y, width, height] = shown.mask.bbox;
  const [dx, dy] = [Math.ceil(width * MARGIN), Math.ceil(height * MARGIN)];
  const [left, top] = [Math.max(0, x - dx), Math.max(0, y - dy)];
  const right = Math.min(imageSize.width, x + width + dx);
  const bottom = Math.min(imageSize.height, y + height + dy);
  const crop = [left, top, right - left, bottom - top] as const;
  return { logits: logitsOfMask(shown.mask, imageSize, crop, inputSide), inputSide, crop };
}

/** Gets the model's answer to a step, and writes it, or the failure, into that step. */
export class StepDecoder {
  lastMs: number | null = null;

  constructor(private readonly model: ModelAccess) {}

  /** `inputSide`: of the model that is asked. */
  async decode(step: Step, inputSide: number): Promise<void> {
    step.become({ state: 'decoding' });
    const startedAt = this.model.now();
    // As they are now: the prior changes when the answer to an earlier step comes late.
    const prompts = step.mends ? promptsToMend(step.mends, step.prompts) : step.prompts;
    const { imageSize } = this.model;
    const prior = priorOf(step.prior, imageSize, inputSide);
    const previous = step.seen?.kind === 'logits' ? step.seen.candidate : prior;
    try {
      const candidates = await this.ask({ prompts, imageSize, prior, tokens: tokensFor(prompts) });
      this.model.transact(() => {
        this.lastMs = this.model.now() - startedAt;
        step.show(ladderOf({ prompts, previous }, candidates));
      });
    } catch (error) {
      const message: Message = { key: 'editor:noAnswer', values: { reason: messageOf(error) } };
      this.model.transact(() => step.become({ state: 'failed', message }));
    }
  }

  private async ask(request: DecodeRequest): Promise<readonly Candidate[]> {
    const candidates = await this.model.decoder.decode(request, 'click');
    if (!candidates?.length) throw new MessageError({ key: 'editor:gaveNoMask' });
    return candidates;
  }
}

import type { Candidate, Prompt } from '../geometry/decoding';
import type { Point } from '../geometry/types';
import { ladderOf, tokensFor } from './ladder';
import { messageOf, type Message } from '../i18n/message';
import type { PreviewView } from './model';
import type { ModelAccess } from './stepDecoder';

/**
 * The mask under the moving pointer. Every move asks; the decoder drops what is overtaken. An answer shows although the
 * pointer has moved on since (better a moment old than none), but never after a younger one, nor after `clear`.
 */
export class Hover {
  view: PreviewView | null = null;
  /** Why the last preview failed. */
  failure: Message | null = null;
  private point: Point | null = null;
  private candidates: readonly Candidate[] = [];
  private asked = 0;
  private answered = 0;

  constructor(private readonly model: ModelAccess) {}

  /** The pointer rests here; `ask` decodes it. */
  moveTo(point: Point): void {
    this.point = { x: point.x, y: point.y };
  }

  clear(): void {
    this.point = null;
    this.view = null;
    this.failure = null;
    this.answered = this.asked;
  }

  /** The model's answer to this very prompt, if the preview already has it. */
  answerTo(prompt: Prompt): readonly Candidate[] | null {
    if (!this.view || prompt.kind !== 'point' || prompt.label === 0) return null;
    const { x, y } = this.view.point;
    return x === prompt.x && y === prompt.y ? this.candidates : null;
  }

  async ask(): Promise<void> {
    if (!this.point) return;
    const { point } = this;
    const request = ++this.asked;
    try {
      const candidates = await this.decode(point);
      if (candidates) this.answer(request, () => this.show(point, candidates));
    } catch (error) {
      this.answer(
        request,
        () => (this.failure = { key: 'editor:noPreview', values: { reason: messageOf(error) } }),
      );
    }
  }

  private decode({ x, y }: Point): Promise<readonly Candidate[] | null> {
    const { decoder, imageSize } = this.model;
    const prompts: readonly Prompt[] = [{ kind: 'point', x, y, label: 1 }];
    return decoder.decode({ prompts, imageSize, prior: null, tokens: tokensFor(prompts) }, 'preview');
  }

  private answer(request: number, effect: () => void): void {
    if (request <= this.answered) return;
    this.answered = request;
    this.model.transact(effect);
  }

  private show(point: Point, candidates: readonly Candidate[]): void {
    const prompts: readonly Prompt[] = [{ kind: 'point', ...point, label: 1 }];
    const { rungs, first } = ladderOf({ prompts, previous: null }, candidates);
    const candidate = rungs[first]?.candidate;
    this.candidates = candidates;
    this.failure = null;
    this.view = candidate ? { point, candidate } : null;
  }
}

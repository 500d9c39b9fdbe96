import type { Candidate, DecodeRequest, FullMask, MaskLogits } from '../../geometry/decoding';
import type { Size } from '../../geometry/types';
import type { Decoder } from '../ports';

/** The whole of a small image. */
const CROP = [0, 0, 6, 4] as const;

/**
 * A mask to be told apart by its token's area; its logits are a one-cell array that is compared by identity, and obeys
 * every click that takes.
 */
export function candidate(token: Candidate['token'], fields: Partial<Candidate> = {}): Candidate {
  const gridArea = [250, 400, 100, 200][token] ?? 0;
  const logits = new Float32Array([token + 1]);
  return {
    token,
    logits,
    inputSide: 1024,
    crop: CROP,
    predictedIou: 0.8,
    stability: 0.9,
    gridArea,
    ...fields,
  };
}

/** In token order. By default token 1 is the whole, 3 the part, 2 the subpart, and 3 the best by predicted IoU. */
export function fourCandidates(fields: Partial<Candidate> = {}): Candidate[] {
  const ious = [0.7, 0.8, 0.6, 0.9];
  return ([0, 1, 2, 3] as const).map((token) =>
    candidate(token, { predictedIou: ious[token] ?? 0, ...fields }),
  );
}

/** A promise that the test ends by hand. */
class Pending<Request, Answer> {
  readonly promise: Promise<Answer>;
  private resolvePromise: (answer: Answer) => void = () => undefined;
  private rejectPromise: (error: Error) => void = () => undefined;

  constructor(readonly request: Request) {
    this.promise = new Promise((resolve, reject) => {
      this.resolvePromise = resolve;
      this.rejectPromise = reject;
    });
  }

  async resolve(answer: Answer): Promise<void> {
    this.resolvePromise(answer);
    await flush();
  }

  async reject(message: string): Promise<void> {
    this.rejectPromise(new Error(message));
    await flush();
  }
}

/** Lets every promise that can go on go on. */
export function flush(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function fullMask(area = 6): FullMask {
  return { segmentation: { size: [4, 6], counts: `mask of ${area}` }, bbox: [1, 1, 3, 2], area };
}

/** A decoder at the port. It keeps every request until the test answers it, or answers at once when told to. */
export class FakeDecoder implements Decoder {
  readonly clicks: Pending<DecodeRequest, readonly Candidate[] | null>[] = [];
  readonly previews: Pending<DecodeRequest, readonly Candidate[] | null>[] = [];
  readonly upsamples: Pending<Float32Array, FullMask>[] = [];
  /** Which mask logits become when it answers at once; the same for all where it names none. */
  fullMasks: (logits: Float32Array) => FullMask | undefined = () => undefined;

  constructor(private readonly atOnce: boolean) {}

  decode(request: DecodeRequest, urgency: 'preview' | 'click'): Promise<readonly Candidate[] | null> {
    const pending = new Pending<DecodeRequest, readonly Candidate[] | null>(request);
    (urgency === 'click' ? this.clicks : this.previews).push(pending);
    const { tokens } = request;
    const wanted = fourCandidates().filter(({ token }) => tokens?.includes(token) ?? true);
    if (this.atOnce) void pending.resolve(wanted);
    return pending.promise;
  }

  toFullMask({ logits }: MaskLogits, imageSize: Size): Promise<FullMask> {
    const pending = new Pending<Float32Array, FullMask>(logits);
    this.upsamples.push(pending);
    if (this.atOnce) void pending.resolve(this.fullMasks(logits) ?? fullMask(imageSize.width));
    return pending.promise;
  }
}

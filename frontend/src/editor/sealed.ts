/** What was accepted with one Enter, on its way to the document: every object in the making, with the candidates kept of it. */
import type { FullMask } from '../geometry/decoding';
import { messageOf, type Message } from '../i18n/message';
import type { Batch } from './batch';
import type { Core, Trouble } from './core';
import type { Making } from './making';
import type { AcceptingView, Annotation, MakingMask, ModelVersion } from './model';
import { nested } from './nesting';
import { provenanceOf } from './provenance';
import type { Given, Kept, Source } from './step';

export const EMPTY: Message = { key: 'editor:emptyMask' };

/** What is known at Accept. */
export interface Acceptance {
  readonly core: Core;
  readonly model: ModelVersion;
  readonly categoryId: number | null;
}

/** One mask of an object. */
interface Piece {
  readonly id: string;
  readonly making: Making;
  readonly shown: MakingMask;
  readonly given: Given;
  readonly source: Source | null;
}

export class Sealed {
  private readonly acceptedAt: number;
  /** Of the annotation that each object becomes. */
  private readonly ids: ReadonlyMap<Making, string>;

  constructor(
    readonly batch: Batch,
    private readonly acceptance: Acceptance,
  ) {
    const { now, newId } = acceptance.core;
    this.acceptedAt = now();
    this.ids = new Map(batch.objects.map((making) => [making, making.base?.id ?? newId()]));
  }

  views(): AcceptingView[] {
    return this.batch.objects.flatMap((making) => {
      const one = { id: this.idOf(making), categoryId: this.categoryOf(making) };
      return [...keptBeside(making).map(maskOf), making.shown].map((shown) => ({ ...one, shown }));
    });
  }

  /** The annotations, wholes before their parts; or why they cannot be, of the object that is then at hand. */
  async finish(): Promise<readonly Annotation[] | Trouble> {
    const { objects } = this.batch;
    for (const making of objects) {
      const trouble = await answerOf(making);
      if (trouble) return this.give(making, trouble);
    }
    const pieces = objects.map((making) => this.piecesOf(making));
    const workedMs = this.workedMs() / pieces.flat().length;
    try {
      const families = await Promise.all(pieces.map((family) => this.annotateAll(family, workedMs)));
      const empty = objects.find((_, i) => families[i]?.at(-1)?.mask.area === 0);
      if (empty) return this.give(empty, { phase: 'ready', message: EMPTY });
      return families.flatMap((family) => nested(family.filter(({ mask }) => mask.area > 0)));
    } catch (error) {
      return { phase: 'error', message: { key: 'editor:notFullSize', values: { reason: messageOf(error) } } };
    }
  }

  /** The object is taken in hand, so that a person can see to it. */
  private give(making: Making, trouble: Trouble): Trouble {
    this.batch.take(making);
    return trouble;
  }

  /** The mask that is shown comes last: it is the object itself. */
  private piecesOf(making: Making): readonly Piece[] {
    const { given, shown, top } = making;
    const kept = keptBeside(making).map(({ candidate, threshold, ...asked }): Piece => {
      const source = { candidate, threshold };
      const id = this.acceptance.core.newId();
      return { id, making, shown: maskOf({ candidate }), given: asked, source };
    });
    if (!shown) return kept;
    return [...kept, { id: this.idOf(making), making, shown, given, source: top?.source ?? null }];
  }

  private annotateAll(pieces: readonly Piece[], workedMs: number): Promise<Annotation[]> {
    return Promise.all(pieces.map((piece) => this.annotate(piece, workedMs)));
  }

  private async annotate({ id, making, shown, given, source }: Piece, workedMs: number): Promise<Annotation> {
    const { startedAt } = making;
    const base = making.base?.id === id ? making.base : null;
    const mask = await this.fullMaskOf(shown);
    const before = base?.provenance ?? null;
    const provenance = provenanceOf({
      ...{ given, startedAt, workedMs, source, before },
      model: this.acceptance.model,
    });
    if (base) return { ...base, mask, provenance };
    const categoryId = this.categoryOf(making);
    return { id, categoryId, mask, attributes: {}, parentId: null, layer: 0, provenance, version: 0 };
  }

  private fullMaskOf(shown: MakingMask): FullMask | Promise<FullMask> {
    const { decoder, imageSize } = this.acceptance.core;
    return shown.kind === 'full' ? shown.mask : decoder.toFullMask(shown.candidate, imageSize);
  }

  /** From the first object's beginning to Accept. */
  private workedMs(): number {
    return this.acceptedAt - Math.min(...this.batch.objects.map(({ startedAt }) => startedAt));
  }

  private idOf(making: Making): string {
    return this.ids.get(making) ?? '';
  }

  private categoryOf({ base }: Making): number | null {
    return base ? base.categoryId : this.acceptance.categoryId;
  }
}

/** Waits for the model; null where there is a mask now. */
async function answerOf(making: Making): Promise<Trouble | null> {
  const answer = await making.awaited?.answered();
  if (answer?.state === 'failed') return { phase: 'error', message: answer.message };
  await making.top?.answered();
  const { shown } = making;
  return shown && !isEmpty(shown) ? null : { phase: 'ready', message: EMPTY };
}

export function isEmpty(shown: MakingMask): boolean {
  return (shown.kind === 'full' ? shown.mask.area : shown.candidate.gridArea) === 0;
}

/** Kept candidates, but for the one that is shown. */
export function keptBeside({ kept, top }: Making): readonly Kept[] {
  return kept.filter(({ candidate }) => candidate !== top?.candidate);
}

export const maskOf = ({ candidate }: Pick<Kept, 'candidate'>): MakingMask => ({ kind: 'logits', candidate });

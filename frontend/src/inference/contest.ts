/**
 * Threads lose on a loaded machine, a GPU may be slow, wrong or hang, and nobody can tell beforehand. So the page starts
 * with what always works, and in quiet moments lets rivals try: each in a worker of its own, because the runtime fixes
 * its threads and backend for good at its start, and because ending a worker gives all its memory back.
 */
import { hasRealGpu } from './gpu';
import { abortError, type WorkerLink } from './link';
import type { BenchmarkResult, LoadArgs } from './protocol';
import type { ModelInfo } from './types';

export type Setup = Pick<LoadArgs, 'backend' | 'threads'>;

export interface Winner {
  readonly link: WorkerLink;
  readonly info: ModelInfo;
}

export interface Arena {
  readonly incumbent: () => WorkerLink | null;
  readonly spawn: () => WorkerLink;
  /** Moves to the winner's worker, unless aborted meanwhile; then the winner must be ended. */
  readonly adopt: (winner: Winner, signal: AbortSignal) => Promise<void>;
}

/** A rival may differ by what rounding does to a predicted IoU, not by more. */
const MAX_DIFFERENCE = 0.02;
/** A person who is never still for long enough keeps what there is. */
const MAX_ATTEMPTS = 5;

export class Contest {
  private rivals: Setup[] | null = null;
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private round: AbortController | null = null;

  constructor(
    private readonly arena: Arena,
    private readonly findRivals: () => Promise<readonly Setup[]>,
    private readonly quietMs: number,
  ) {}

  /** Nothing is being asked of the model: the next rival may try, if it stays like that. */
  rest(decoderUrl: string): void {
    this.disturb();
    if (this.rivals?.length === 0 || this.attempts >= MAX_ATTEMPTS) return;
    this.timer = setTimeout(() => void this.run(decoderUrl), this.quietMs);
  }

  /** A person wants something: the rival ends at once, and gets another chance later. */
  disturb(): void {
    clearTimeout(this.timer);
    this.round?.abort();
    this.round = null;
  }

  private async run(decoderUrl: string): Promise<void> {
    const round = new AbortController();
    this.round = round;
    this.attempts += 1;
    this.rivals ??= [...(await this.findRivals())];
    const isOver = () => round.signal.aborted;
    for (let rival = this.rivals[0]; rival && !isOver(); rival = this.rivals[0]) {
      const winner = await challenge(this.arena, { ...rival, decoderUrl }, round.signal);
      if (!isOver()) this.rivals.shift();
      if (winner) await this.arena.adopt(winner, round.signal);
    }
  }
}

/** The rival, loaded, when it is faster and agrees; else null and the rival is gone. */
async function challenge(arena: Arena, setup: LoadArgs, signal: AbortSignal): Promise<Winner | null> {
  const incumbent = arena.incumbent();
  if (!incumbent) return null;
  const rival = arena.spawn();
  const end = () => rival.terminate(abortError('The comparison ended.'));
  signal.addEventListener('abort', end);
  try {
    const info = await rival.call('load', setup);
    const his = await rival.call('benchmark', null);
    const ours = await incumbent.call('benchmark', null);
    if (isBetter(his, ours) && !signal.aborted) return { link: rival, info };
  } catch {
    // A rival that cannot even start has lost.
  } finally {
    signal.removeEventListener('abort', end);
  }
  end();
  return null;
}

function isBetter(his: BenchmarkResult, ours: BenchmarkResult): boolean {
  const differences = his.predictedIous.map((iou, i) => Math.abs(iou - (ours.predictedIous[i] ?? NaN)));
  return his.ms < ours.ms && differences.every((difference) => difference <= MAX_DIFFERENCE);
}

/** What could be faster here than WASM with `threads` threads. */
export async function rivalsOf(threads: number): Promise<readonly Setup[]> {
  return [
    ...((await hasRealGpu()) ? [{ backend: 'webgpu', threads: 1 } as const] : []),
    ...(threads > 1 ? [{ backend: 'wasm', threads: 1 } as const] : []),
  ];
}

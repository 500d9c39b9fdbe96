/**
 * Threads lose on a loaded machine, a GPU may be slow, wrong or hang, and nobody can tell beforehand. So the page starts
 * with one thread, which always works, and in quiet moments lets rivals try: each in a worker of its own, because the runtime fixes
 * its threads and backend for good at its start, and because ending a worker gives all its memory back.
 */
import { abortError } from './failure';
import { hasRealGpu } from './gpu';
import type { WorkerLink } from './link';
import type { BenchmarkResult, LoadArgs, Setup } from './protocol';
import type { DecoderSource, ModelInfo } from './types';

export interface Winner {
  readonly link: WorkerLink;
  readonly info: ModelInfo;
}

export interface Arena {
  readonly incumbent: () => WorkerLink | null;
  readonly spawn: () => WorkerLink;
  /** Moves to the winner's worker, unless aborted meanwhile; then the winner is ended. Says whether it moved. */
  readonly adopt: (winner: Winner, signal: AbortSignal) => Promise<boolean>;
}

/** In turns, so that a busy moment of the machine slows both; odd, for the median. */
export const ROUNDS = 5;
/** A rival may differ by what rounding does to an answer, as a share of the answer's largest number, not by more. */
const MAX_DIFFERENCE = 0.02;
/** More threads than this do not pay for a decoder of this size. */
const MAX_THREADS = 4;
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
  rest(decoder: DecoderSource): void {
    this.disturb();
    if (this.rivals?.length === 0 || this.attempts >= MAX_ATTEMPTS) return;
    this.timer = setTimeout(() => void this.run(decoder), this.quietMs);
  }

  /** A person wants something: the rival ends at once, and gets another chance later. */
  disturb(): void {
    clearTimeout(this.timer);
    this.round?.abort();
    this.round = null;
  }

  private async run(decoder: DecoderSource): Promise<void> {
    const round = new AbortController();
    this.round = round;
    this.attempts += 1;
    this.rivals ??= [...(await this.findRivals())];
    const isOver = () => round.signal.aborted;
    for (let rival = this.rivals[0]; rival && !isOver(); rival = this.rivals[0]) {
      const winner = await challenge(this.arena, { ...decoder, ...rival }, round.signal);
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
    const [his, ours]: [BenchmarkResult[], BenchmarkResult[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      his.push(await rival.call('benchmark', null));
      ours.push(await incumbent.call('benchmark', null));
    }
    if (isFaster(his, ours) && agree(his, ours) && !signal.aborted) return { link: rival, info };
  } catch {
    // A rival that cannot even start has lost.
  } finally {
    signal.removeEventListener('abort', end);
  }
  end();
  return null;
}

/** By the median: threads have the better moments, and on a loaded machine the worse ones. */
function isFaster(his: readonly BenchmarkResult[], ours: readonly BenchmarkResult[]): boolean {
  const median = (results: readonly BenchmarkResult[]) =>
    results.map(({ ms }) => ms).sort((a, b) => a - b)[(results.length - 1) / 2] ?? NaN;
  return median(his) < median(ours);
}

function agree([his]: readonly BenchmarkResult[], [ours]: readonly BenchmarkResult[]): boolean {
  if (!his || !ours) return false;
  return isClose(his.predictedIous, ours.predictedIous) && isClose(his.logits, ours.logits);
}

function isClose(his: readonly number[], ours: readonly number[]): boolean {
  const allowed = MAX_DIFFERENCE * Math.max(...ours.map(Math.abs));
  return ours.every((value, i) => Math.abs(value - (his[i] ?? NaN)) <= allowed);
}

/**
 * What could be faster here than one thread. Threads need a page that is cross-origin isolated. A GPU comes last: one that
 * hangs keeps nobody from trying.
 */
export async function findRivals(): Promise<readonly Setup[]> {
  const cores = globalThis.crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  return [
    ...threadsToTry(cores).map((threads) => ({ backend: 'wasm', threads }) as const),
    ...((await hasRealGpu()) ? [{ backend: 'webgpu', threads: 1 } as const] : []),
  ];
}

/** Two, and as many as there are. */
export function threadsToTry(cores: number): number[] {
  const most = Math.min(cores, MAX_THREADS);
  return [...new Set([2, most])].filter((threads) => threads > 1 && threads <= most);
}

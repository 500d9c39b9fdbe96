/** Which of the model's masks are offered for a set of prompts, in which order, and which one is shown first. */
import type { Candidate, Prompt } from '../geometry/decoding';
import type { Rung, RungName } from './model';

const SINGLE = 0;
const NAMES = ['whole', 'part', 'subpart'] as const satisfies readonly RungName[];

/** One lone point may mean a whole, a part or a subpart; more prompts, or a box, say which. */
function isAmbiguous(prompts: readonly Prompt[]): boolean {
  return prompts.length === 1 && prompts[0]?.kind === 'point';
}

/** The three ambiguous masks by falling area; before them the single one, where the prompts are not ambiguous. */
export function ladderOf(prompts: readonly Prompt[], candidates: readonly Candidate[]): readonly Rung[] {
  const three = candidates
    .filter((candidate) => candidate.token !== SINGLE)
    .sort((a, b) => b.gridArea - a.gridArea)
    .map((candidate, i): Rung => ({ name: NAMES[i] ?? 'subpart', candidate }));
  if (isAmbiguous(prompts)) return three;
  const single = candidates.filter((candidate) => candidate.token === SINGLE);
  return [...single.map((candidate): Rung => ({ name: 'single', candidate })), ...three];
}

/** Index of the rung shown first: the single mask, or for a lone point the best by predicted IoU. -1: no rungs. */
export function defaultRung(ladder: readonly Rung[]): number {
  if (ladder[0]?.name === 'single') return 0;
  const best = Math.max(...ladder.map((rung) => rung.candidate.predictedIou));
  return ladder.findIndex((rung) => rung.candidate.predictedIou === best);
}

/** Which of an image's masks a person wants to see, and whether one is among them. Pure. */
import type { Annotation, Provenance } from '../../editor/model';
import { shownIou } from '../../editor/score';

export type Source = Provenance['source'];

/** What the outbox knows of a mask that the server does not have as it is here. */
export type SavingState = 'unsaved' | 'refused' | 'conflict';

export type ObjectState = SavingState | 'hidden' | 'locked';

export interface ObjectFilter {
  /** Words that all must be found: in the category, in what the attributes say, or `#7` and `7` for a number. */
  readonly text: string;
  /** Any of these; empty: all. Null stands for no category. */
  readonly categories: readonly (number | null)[];
  readonly sources: readonly Source[];
  readonly states: readonly ObjectState[];
  /** Least and greatest predicted IoU. Below or above the whole range, masks without one are left out. */
  readonly score: readonly [number, number];
}

export const EVERYTHING: ObjectFilter = {
  text: '',
  categories: [],
  sources: [],
  states: [],
  score: [0, 1],
};

/** One mask with all that a filter or an order may ask about it. */
export interface ObjectFacts {
  readonly annotation: Annotation;
  /** In the order of acceptance, from 1. */
  readonly number: number;
  readonly categoryName: string;
  readonly states: readonly ObjectState[];
}

/** The model's own estimate; null of what no model made. */
export function scoreOf({ provenance }: Annotation): number | null {
  return provenance.source === 'model' ? shownIou(provenance.predicted_iou) : null;
}

export function isFiltering({ text, categories, sources, states, score }: ObjectFilter): boolean {
  const isNarrow = categories.length + sources.length + states.length > 0;
  return isNarrow || text.trim() !== '' || score[0] > 0 || score[1] < 1;
}

export function passes(
  facts: ObjectFacts,
  { text, categories, sources, states, score }: ObjectFilter,
): boolean {
  const { categoryId, provenance } = facts.annotation;
  return (
    (categories.length === 0 || categories.includes(categoryId)) &&
    (sources.length === 0 || sources.includes(provenance.source)) &&
    (states.length === 0 || states.some((state) => facts.states.includes(state))) &&
    isScored(facts.annotation, score) &&
    isNamed(facts, text)
  );
}

function isScored(annotation: Annotation, [least, greatest]: readonly [number, number]): boolean {
  if (least <= 0 && greatest >= 1) return true;
  const score = scoreOf(annotation);
  return score !== null && score >= least && score <= greatest;
}

function isNamed({ annotation, number, categoryName }: ObjectFacts, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const said = Object.entries(annotation.attributes).map(([name, value]) => `${name} ${value}`);
  const line = [categoryName, ...said].join(' ').toLowerCase();
  return words.every((word) => word.replace(/^#/, '') === String(number) || line.includes(word));
}

/** How much of a history is kept: the newest entries, as many as a person would ever take back. */
import type { Patch } from '../editor/document';
import type { EditorDraft } from '../editor/draft';
import type { FullMask } from '../geometry/decoding';

type Entry = readonly Patch[];

export const ENTRIES_MOST = 200;
/** Characters of masks, of `done` and of `undone` each: nearly all that an entry takes. */
export const CHARACTERS_MOST = 2_000_000;

export function withinLimits(draft: EditorDraft): EditorDraft {
  const { done, undone } = draft.history;
  return { ...draft, history: { done: newest(done), undone: newest(undone) } };
}

/** The last ones that fit. */
function newest(entries: readonly Entry[]): readonly Entry[] {
  let characters = 0;
  let first = entries.length;
  while (first > 0 && entries.length - first < ENTRIES_MOST) {
    characters += (entries[first - 1] ?? []).reduce((sum, patch) => sum + charactersOf(patch), 0);
    if (characters > CHARACTERS_MOST) break;
    first -= 1;
  }
  return entries.slice(first);
}

function charactersOf(patch: Patch): number {
  const masks: (FullMask | undefined)[] =
    patch.kind === 'create' ? [patch.annotation.mask] : patch.kind === 'update' ? [patch.changes.mask] : [];
  return masks.reduce((sum, mask) => sum + (mask?.segmentation.counts.length ?? 0), 0);
}

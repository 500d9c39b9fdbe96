/** The one answer to "what colour has this mask?": canvas, list and ladder ask here. */
import type { Category } from './model';

/** Of the mask in the making, while it has no category; the interface's accent. */
export const MAKING_COLOR = '#7aa2ff';

/** Far apart from one another and from the accent, and bright enough for a photo. */
const OWN_COLORS = [
  ...['#00e060', '#ff4b26', '#ff3df2', '#ffc800', '#24a878', '#ff96cc', '#36eafc'],
  ...['#ae60fc', '#fc1d8a', '#c67800', '#90ea8a', '#b5c22e', '#d26672', '#c696f6'],
];

/** What decides the colour of a mask; without an id it is still in the making. */
export interface Colored {
  readonly id: string | null;
  readonly categoryId: number | null;
}

/**
 * `#rrggbb` of its category; without one a colour of its own, the same whenever and wherever it is shown, so that
 * neighbours can be told apart where nothing has a name.
 */
export function colorOf({ id, categoryId }: Colored, categories: readonly Category[]): string {
  const category = categories.find((candidate) => candidate.id === categoryId);
  return category?.color ?? (id === null ? MAKING_COLOR : ownColor(id));
}

function ownColor(id: string): string {
  return OWN_COLORS[hash(id) % OWN_COLORS.length] ?? MAKING_COLOR;
}

/** FNV-1a: ids that differ in one character are far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}

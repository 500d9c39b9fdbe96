/** Key chords as text: `Enter`, `Shift+Tab`, `Mod+z`. `Mod` is Control, or Command on a Mac. */

/** The fields of a DOM KeyboardEvent that a chord needs. */
export interface KeyInput {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** A character says which key it is whatever Shift made of it (`?`, `Z`); a letter is told by Shift, in lower case. */
export function chordOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyInput): string {
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const shift = shiftKey && (letter || key.length > 1);
  const modifiers = [ctrlKey || metaKey ? 'Mod' : '', altKey ? 'Alt' : '', shift ? 'Shift' : ''];
  return [...modifiers.filter(Boolean), letter ? key.toLowerCase() : key].join('+');
}

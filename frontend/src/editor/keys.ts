/** Key chords as text: `Enter`, `Shift+Tab`, `Mod+z`, `Space`. `Mod` is Control, or Command on a Mac. */

/** The fields of a DOM KeyboardEvent that a chord needs. */
export interface KeyInput {
  readonly key: string;
  /** The place on the keyboard, named as on an American one; left out where it is not known. */
  readonly code?: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  getModifierState?(key: string): boolean;
}

/** What a place on the keyboard says where the layout says nothing that a chord can be made of. */
const PLACES: Readonly<Record<string, string>> = {
  Backquote: '`',
  Backslash: '\\',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Equal: '=',
  Minus: '-',
  Period: '.',
  Quote: "'",
  Semicolon: ';',
  Slash: '/',
};

/** Keys that say nothing alone. */
const MODIFIERS = new Set(['Alt', 'AltGraph', 'CapsLock', 'Control', 'Fn', 'Meta', 'NumLock', 'Shift']);

/**
 * The chord of a key, or null for a modifier alone and for the keys of an input method at work.
 *
 * A character says which key it is whatever Shift made of it (`?`, `Z`); a letter is told by Shift, in lower case. What
 * AltGr writes is a character like any other. A layout without Latin letters, a dead key and what Alt writes on a Mac go
 * by the place of the key, so that every chord can be given on every keyboard.
 */
export function chordOf(input: KeyInput): string | null {
  const key = characterOf(input);
  if (key === null) return null;
  const writes = isAltGraph(input);
  const letter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  const shift = input.shiftKey && (letter || key.length > 1);
  const mod = (input.ctrlKey || input.metaKey) && !writes;
  const modifiers = [mod ? 'Mod' : '', input.altKey && !writes ? 'Alt' : '', shift ? 'Shift' : ''];
  return [...modifiers.filter(Boolean), letter ? key.toLowerCase() : key].join('+');
}

/** The chords of a key, the closest first: a key of the number pad is one of its own, and the digit on it. */
export function chordsOf(input: KeyInput): readonly string[] {
  const chord = chordOf(input);
  if (chord === null) return [];
  return input.code?.startsWith('Numpad') ? [input.code, chord] : [chord];
}

function characterOf({ key, code = '', altKey, ...rest }: KeyInput): string | null {
  if (key === ' ') return 'Space';
  if (MODIFIERS.has(key) || key === 'Process' || key === 'Unidentified') return null;
  const isTold = key !== 'Dead' && (key.length > 1 || isLatin(key));
  const isAltered = altKey && !isAltGraph({ key, altKey, ...rest }) && /^(Key|Digit)/.test(code);
  if (isTold && !isAltered) return key;
  return placeOf(code) ?? (key === 'Dead' ? null : key);
}

function placeOf(code: string): string | null {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? [];
  const [, digit] = /^Digit(\d)$/.exec(code) ?? [];
  return letter?.toLowerCase() ?? digit ?? PLACES[code] ?? null;
}

const isAltGraph = (input: KeyInput): boolean => input.getModifierState?.('AltGraph') ?? false;

/** ASCII, and letters such as `ö` that stand on a key of their own. */
const isLatin = (key: string): boolean => /^[\x21-\x7e]$|^\p{Script=Latin}$/u.test(key);

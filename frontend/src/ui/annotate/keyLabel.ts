const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

const NAMES: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  PageDown: 'Page down',
  PageUp: 'Page up',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** The names of a chord's keys as they stand on the keyboard. `+` alone is the plus key. */
export function keyNames(chord: string): string[] {
  const parts = chord === '+' ? ['+'] : chord.split('+');
  return parts.map(
    (part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part.replace('Numpad', 'Num ')),
  );
}

export function keyLabel(chord: string): string;
export function keyLabel(chord: string | undefined): string | undefined;
export function keyLabel(chord: string | undefined): string | undefined {
  return chord && keyNames(chord).join('+');
}

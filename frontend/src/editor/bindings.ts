/** A person's own keys: chords by command, where they are not the usual ones. Pure; nothing here knows what a command does. */

/** As it is stored among a person's settings; an empty list takes the keys away. */
export type KeyBindings = Readonly<Record<string, readonly string[]>>;

/** What can have keys. */
export interface Bindable {
  readonly id: string;
  /** The usual chords. */
  readonly keys: readonly string[];
  /** While the mode is on, its commands come before all others: their chords may be others' too. */
  readonly mode?: string | undefined;
}

export const keysOf = ({ id, keys }: Bindable, bindings: KeyBindings): readonly string[] =>
  bindings[id] ?? keys;

export const isRebound = ({ id }: Bindable, bindings: KeyBindings): boolean => bindings[id] !== undefined;

/** The other command that has the chord in the same mode. */
export function holderOf<Command extends Bindable>(
  chord: string,
  command: Command,
  commands: readonly Command[],
  bindings: KeyBindings,
): Command | undefined {
  return commands.find(
    (other) =>
      other.id !== command.id && other.mode === command.mode && keysOf(other, bindings).includes(chord),
  );
}

/** The command has the chord beside those that it has; whoever had it before has it no more. */
export function bind<Command extends Bindable>(
  chord: string,
  command: Command,
  commands: readonly Command[],
  bindings: KeyBindings,
): KeyBindings {
  const holder = holderOf(chord, command, commands, bindings);
  const freed = holder ? unbind(chord, holder, bindings) : bindings;
  const keys = keysOf(command, freed);
  return keys.includes(chord) ? freed : set(command, [...keys, chord], freed);
}

export function unbind(chord: string, command: Bindable, bindings: KeyBindings): KeyBindings {
  return set(
    command,
    keysOf(command, bindings).filter((key) => key !== chord),
    bindings,
  );
}

/** The usual keys again, taken back from whoever has them now. */
export function reset<Command extends Bindable>(
  command: Command,
  commands: readonly Command[],
  bindings: KeyBindings,
): KeyBindings {
  const others = without(command, bindings);
  return command.keys.reduce<KeyBindings>((freed, chord) => {
    const holder = holderOf(chord, command, commands, freed);
    return holder ? unbind(chord, holder, freed) : freed;
  }, others);
}

/** What is as usual is not stored. */
function set(command: Bindable, keys: readonly string[], bindings: KeyBindings): KeyBindings {
  const others = without(command, bindings);
  const isUsual = keys.length === command.keys.length && keys.every((key) => command.keys.includes(key));
  return isUsual ? others : { ...others, [command.id]: keys };
}

const without = ({ id }: Bindable, bindings: KeyBindings): KeyBindings =>
  Object.fromEntries(Object.entries(bindings).filter(([other]) => other !== id));

export type Reservation = 'browser' | 'dialog';

/** Browsers never let a page have these: they close, open and change windows. */
const BROWSERS = new Set(
  ['Mod+w', 'Mod+n', 'Mod+t', 'Mod+q', 'Mod+Shift+w', 'Mod+Shift+n', 'Mod+Shift+t', 'Mod+Shift+q'].concat([
    'Mod+Tab',
    'Mod+Shift+Tab',
    'Mod+PageUp',
    'Mod+PageDown',
    'Alt+F4',
    'F11',
    'F12',
  ]),
);

/** Here they leave the field in which a chord is pressed, or nobody could leave it by the keyboard. */
const DIALOGS = new Set(['Escape', 'Tab', 'Shift+Tab']);

/** Why a chord cannot be given; null where it can. */
export function reservationOf(chord: string): Reservation | null {
  if (BROWSERS.has(chord)) return 'browser';
  return DIALOGS.has(chord) ? 'dialog' : null;
}

import { bind, type KeyBindings, reset, unbind } from '../../editor/bindings';
import { useServices } from '../app/services';
import type { Action } from './actions';
import { useKeyBindings } from './useKeyBindings';

/** A person's own keys, and what changes them; kept with the other settings. */
export function useKeySettings(all: readonly Action[]) {
  const { preferences } = useServices();
  const bindings = useKeyBindings();
  const keep = (changed: KeyBindings) => {
    const stored = Object.entries(changed).map(([id, chords]): [string, string[]] => [id, [...chords]]);
    preferences.set({ key_bindings: Object.fromEntries(stored) });
  };
  return {
    all,
    bindings,
    bind: (chord: string, action: Action) => keep(bind(chord, action, all, bindings)),
    unbind: (chord: string, action: Action) => keep(unbind(chord, action, bindings)),
    reset: (action: Action) => keep(reset(action, all, bindings)),
    resetAll: () => keep({}),
  };
}

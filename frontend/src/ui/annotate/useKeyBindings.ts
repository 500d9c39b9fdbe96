import { useSyncExternalStore } from 'react';

import { type Bindable, type KeyBindings, keysOf } from '../../editor/bindings';
import { useServices } from '../app/services';
import { keyLabel } from './keyLabel';

/** A person's own keys. */
export function useKeyBindings(): KeyBindings {
  const { preferences } = useServices();
  return useSyncExternalStore(preferences.subscribe, () => preferences.get().key_bindings);
}

/** The first key of a command, as it is now, for a hint at its button. */
export function useKeyLabel(): (command: Bindable) => string | undefined {
  const bindings = useKeyBindings();
  return (command) => keyLabel(keysOf(command, bindings)[0]);
}

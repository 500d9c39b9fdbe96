import { useEffect, useRef } from 'react';

import { chordsOf } from '../../editor/keys';
import { isPopupOpen } from '../kit/popups';
import { type Action, actionFor } from './actions';
import { useKeyBindings } from './useKeyBindings';

/** Sends keys to the actions that have them. */
export function useKeyboard(actions: readonly Action[]): void {
  const bindings = useKeyBindings();
  const latest = useRef({ actions, bindings });
  useEffect(() => {
    latest.current = { actions, bindings };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isElsewhere(event)) return;
      const action = actionFor(chordsOf(event), latest.current.actions, latest.current.bindings);
      if (!action) return;
      event.preventDefault();
      if (!event.repeat || !action.once) action.run();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

/** Keys that a focused control wants for itself, outside the canvas. */
const CONTROL_KEYS = new Set(
  ['Tab', 'Enter', ' ', 'Home', 'End'].concat(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']),
);

/** Typing, an open dialog or menu, or a key that belongs to the control in focus. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || isPopupOpen()) return true;
  const target = event.target as HTMLElement;
  if (target.closest('input, select, textarea, [contenteditable=true]')) return true;
  const isFree = target === document.body || target.closest('[role=application]') !== null;
  return !isFree && CONTROL_KEYS.has(event.key);
}

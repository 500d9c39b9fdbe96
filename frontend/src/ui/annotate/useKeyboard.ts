import { useEffect, useRef } from 'react';

import { commandFor } from '../../editor/commands';
import type { Editor } from '../../editor/editor';
import { chordOf } from '../../editor/keys';
import { isPopupOpen } from '../kit/popups';
import { PAGE_COMMANDS, type PageContext } from './pageCommands';

/** Sends keys to the editor's commands, then to the page's. */
export function useKeyboard(editor: Editor | null, context: PageContext): void {
  const latest = useRef({ editor, context });
  useEffect(() => {
    latest.current = { editor, context };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isElsewhere(event)) return;
      if (run(chordOf(event), latest.current.editor, latest.current.context)) event.preventDefault();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

function run(chord: string, editor: Editor | null, context: PageContext): boolean {
  const command = editor && commandFor(chord, editor);
  if (command) {
    command.run(editor);
    return true;
  }
  const own = PAGE_COMMANDS.find(({ keys }) => keys.includes(chord));
  own?.run(context);
  return own !== undefined;
}

/** Keys that a focused control wants for itself, outside the canvas. */
const CONTROL_KEYS = new Set(['Tab', 'Enter', ' ']);

/** Typing, an open dialog or menu, or a key that belongs to the control in focus. */
function isElsewhere(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isPopupOpen()) return true;
  const target = event.target as HTMLElement;
  if (target.closest('input, select, textarea, [contenteditable=true]')) return true;
  const isFree = target === document.body || target.closest('[role=application]') !== null;
  return !isFree && CONTROL_KEYS.has(event.key);
}

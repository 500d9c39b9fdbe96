import { useSyncExternalStore } from 'react';

import type { Editor } from '../../editor/editor';
import type { EditorSnapshot } from '../../editor/model';

const never = () => () => undefined;

/**
 * One part of the editor's snapshot. Parts that did not change keep their identity, so a component is drawn anew only
 * when its own part changes, not with every preview under the mouse. `select` must build nothing new.
 */
export function useEditorPart<Part>(editor: Editor, select: (snapshot: EditorSnapshot) => Part): Part {
  return useSyncExternalStore(editor.subscribe, () => select(editor.getSnapshot()));
}

/** The same, where there may be no image yet. */
export function useMaybeEditorPart<Part>(
  editor: Editor | null,
  select: (snapshot: EditorSnapshot) => Part,
): Part | undefined {
  return useSyncExternalStore(editor?.subscribe ?? never, () =>
    editor ? select(editor.getSnapshot()) : undefined,
  );
}

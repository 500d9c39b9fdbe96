import { useSyncExternalStore } from 'react';

import type { Editor } from '../../editor/editor';
import type { EditorSnapshot } from '../../editor/model';

const never = () => () => undefined;
const nothing = () => null;

export function useEditorSnapshot(editor: Editor): EditorSnapshot;
export function useEditorSnapshot(editor: Editor | null): EditorSnapshot | null;
export function useEditorSnapshot(editor: Editor | null): EditorSnapshot | null {
  return useSyncExternalStore<EditorSnapshot | null>(
    editor?.subscribe ?? never,
    editor?.getSnapshot ?? nothing,
  );
}

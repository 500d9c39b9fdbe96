import { useEffect, useSyncExternalStore } from 'react';

import type { Editor } from '../../editor/editor';
import { useServices } from '../app/services';

/** What a person has set, as far as the accepted masks go by it. */
export function useEditorPreferences(editor: Editor): void {
  const { preferences } = useServices();
  const asks = useSyncExternalStore(preferences.subscribe, () => preferences.get().confirm_delete);
  useEffect(() => editor.objects.askBeforeDelete(asks), [editor, asks]);
}

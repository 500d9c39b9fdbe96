import type { Action } from './actions';
import { CommandPalette } from './CommandPalette';
import type { Sheet } from './desk';
import { HelpDialog } from './HelpDialog';
import { KeySettings } from './KeySettings';
import type { PageDialog } from './pageCommands';

interface PageDialogsProps {
  readonly shown: PageDialog | null;
  readonly sheet: Sheet | null;
  readonly projectId: number;
  readonly actions: readonly Action[];
  readonly onShow: (dialog: PageDialog | null) => void;
}

/** What opens over the annotation page, one at a time. */
export function PageDialogs({ shown, sheet, projectId, actions, onShow }: PageDialogsProps) {
  const onClose = () => onShow(null);
  switch (shown) {
    case 'palette':
      return <CommandPalette sheet={sheet} projectId={projectId} actions={actions} onClose={onClose} />;
    case 'help':
      return <HelpDialog actions={actions} onChangeKeys={() => onShow('keys')} onClose={onClose} />;
    case 'keys':
      return <KeySettings actions={actions} onClose={onClose} />;
    case null:
      return null;
  }
}

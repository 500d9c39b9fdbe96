import { ContextMenu } from '@base-ui/react/context-menu';
import type { ReactElement } from 'react';

import { type Command, COMMANDS } from '../../editor/commands';
import type { Editor } from '../../editor/editor';
import { useSay } from '../../i18n';
import popup from '../kit/popup.module.css';
import { canvasElement } from './focusCanvas';
import styles from './ObjectMenu.module.css';
import { useKeyLabel } from './useKeyBindings';

/** What can be done with selected masks, in groups; few enough to be seen without scrolling. */
const GROUPS = [
  ['refineSelected', 'duplicate', 'split', 'merge'],
  ['hideSelected', 'solo', 'lockSelected'],
  ['selectSameCategory', 'selectWholes', 'selectParts'],
  ['layer.front', 'layer.back'],
  ['deleteSelected'],
].map((ids) => ids.flatMap((id) => COMMANDS.find((command) => command.id === id) ?? []));

interface ObjectMenuProps {
  readonly editor: Editor;
  /** The element that the menu belongs to. */
  readonly children: ReactElement;
}

/** By the right button, a long touch or the menu key; afterwards the keys belong to the canvas. */
export function ObjectMenu({ editor, children }: ObjectMenuProps) {
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger render={children} />
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={popup.positioner}>
          <ContextMenu.Popup className={popup.popup} data-popup finalFocus={canvasElement}>
            {GROUPS.map((commands, index) => (
              <ContextMenu.Group key={commands[0]?.id} className={styles.group}>
                {index > 0 && <ContextMenu.Separator className={popup.separator} />}
                {commands.map((command) => (
                  <CommandItem key={command.id} command={command} editor={editor} />
                ))}
              </ContextMenu.Group>
            ))}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function CommandItem({ command, editor }: { readonly command: Command; readonly editor: Editor }) {
  const say = useSay();
  const key = useKeyLabel()(command);
  return (
    <ContextMenu.Item
      className={popup.item}
      disabled={!command.enabled(editor)}
      onClick={() => command.run(editor)}
    >
      <span className={popup.text}>{say(command.title)}</span>
      {key && <kbd>{key}</kbd>}
    </ContextMenu.Item>
  );
}

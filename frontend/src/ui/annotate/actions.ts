/** The commands of the editor and of the page in one list: what the keyboard, the palette, the help and the key settings read. */
import { type Bindable, type KeyBindings, keysOf } from '../../editor/bindings';
import { type CommandGroup, type CommandOf, COMMANDS } from '../../editor/commands';
import type { Editor } from '../../editor/editor';
import type { Message } from '../../i18n/message';
import { PAGE_COMMANDS, type PageContext } from './pageCommands';

/** A command and what it is given to. */
export interface Action extends Bindable {
  readonly title: Message;
  readonly group: CommandGroup;
  readonly once: boolean;
  readonly isEnabled: () => boolean;
  readonly run: () => void;
}

/** Commands of a mode come first, then the editor's, then the page's. */
export function actionsOf(context: PageContext): readonly Action[] {
  const { editor } = context;
  return [
    ...COMMANDS.map((command) => actionOf<Editor>(command, editor)),
    ...PAGE_COMMANDS.map((command) => actionOf(command, context)),
  ];
}

/** The action that a key gives: that of its closest chord which is enabled. */
export function actionFor(
  chords: readonly string[],
  actions: readonly Action[],
  bindings: KeyBindings,
): Action | undefined {
  for (const chord of chords) {
    const own = actions.filter((action) => keysOf(action, bindings).includes(chord));
    const action = own.find(({ isEnabled }) => isEnabled());
    if (action) return action;
  }
  return undefined;
}

function actionOf<Target>(command: CommandOf<Target>, target: Target | null): Action {
  const { id, title, group, keys, mode, once = false } = command;
  return {
    ...{ id, title, group, keys, mode, once },
    isEnabled: () => target !== null && command.enabled(target),
    run: () => {
      if (target !== null) command.run(target);
    },
  };
}

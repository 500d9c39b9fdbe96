import type { Message } from '../../i18n/message';
import type { Bindable } from '../bindings';
import type { Editor } from '../editor';

export type CommandGroup = 'mask' | 'crosshair' | 'edit' | 'object' | 'category' | 'tool' | 'image' | 'view';

/**
 * Something that a person can tell a part of the page to do. Data: the keyboard, the help sheet, the palette and the key
 * settings read it. The id is stable, as a person's own keys are stored under it.
 */
export interface CommandOf<Target> extends Bindable {
  readonly title: Message;
  readonly group: CommandGroup;
  /** A key that is held gives it once. */
  readonly once?: boolean;
  enabled(target: Target): boolean;
  run(target: Target): void;
}

/** What the editor is told. */
export type Command = CommandOf<Editor>;

export const always = (): boolean => true;
export const isMaking = (editor: Editor): boolean => editor.getSnapshot().making !== null;
export const hasSelection = (editor: Editor): boolean => editor.getSnapshot().selection.length > 0;
export const hasAnnotations = (editor: Editor): boolean => editor.getSnapshot().annotations.length > 0;

import type { Message } from '../../i18n/message';
import type { Editor } from '../editor';

export type CommandGroup = 'mask' | 'edit' | 'object' | 'category' | 'tool';

/** Something that a person can tell the editor to do. Data: the keyboard map, the help page and the palette read it. */
export interface Command {
  /** Stable: a person's own keys are stored under it. */
  readonly id: string;
  readonly title: Message;
  readonly group: CommandGroup;
  /** Default key chords, see keys.ts. */
  readonly keys: readonly string[];
  enabled(editor: Editor): boolean;
  run(editor: Editor): void;
}

export const always = (): boolean => true;
export const isMaking = (editor: Editor): boolean => editor.getSnapshot().making !== null;
export const hasSelection = (editor: Editor): boolean => editor.getSnapshot().selection.length > 0;
export const hasAnnotations = (editor: Editor): boolean => editor.getSnapshot().annotations.length > 0;

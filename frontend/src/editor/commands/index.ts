/** Every command that a person can give the editor. A part of the editor that learns something adds it to its own file. */
import type { Editor } from '../editor';
import { TOOLS } from '../tools/registry';
import { always, type Command } from './command';
import { CROSSHAIR_COMMANDS } from './crosshair';
import { EDITING_COMMANDS } from './editing';
import { CATEGORY_COMMANDS, OBJECT_COMMANDS } from './objects';
import { PROMPTING_COMMANDS } from './prompting';

export type { Command, CommandGroup, CommandOf } from './command';

const HISTORY_COMMANDS: readonly Command[] = [
  {
    id: 'undo',
    title: { key: 'commands:undo' },
    group: 'edit',
    keys: ['Mod+z'],
    enabled: (editor) => editor.getSnapshot().canUndo,
    run: (editor) => editor.undo(),
  },
  {
    id: 'redo',
    title: { key: 'commands:redo' },
    group: 'edit',
    keys: ['Mod+Shift+z', 'Mod+y'],
    enabled: (editor) => editor.getSnapshot().canRedo,
    run: (editor) => editor.redo(),
  },
];

const TOOL_COMMANDS: readonly Command[] = TOOLS.map((tool) => ({
  id: `tool.${tool.id}`,
  title: tool.title,
  group: 'tool',
  keys: tool.keys,
  enabled: always,
  run: (editor) => editor.selectTool(tool.id),
}));

/** Those of a mode come first: while it is on, they have the keys. */
export const COMMANDS: readonly Command[] = [
  ...CROSSHAIR_COMMANDS,
  ...PROMPTING_COMMANDS,
  ...HISTORY_COMMANDS,
  ...EDITING_COMMANDS,
  ...OBJECT_COMMANDS,
  ...CATEGORY_COMMANDS,
  ...TOOL_COMMANDS,
];

/** The enabled command that a chord gives, if any: `commandFor(chordOf(event), editor)?.run(editor)`. */
export function commandFor(chord: string, editor: Editor): Command | undefined {
  return COMMANDS.find((command) => command.keys.includes(chord) && command.enabled(editor));
}

/** Every command a person can give, as data: the keyboard map, the help page and the palette are built from this list. */
import type { Editor } from './editor';
import { TOOLS } from './tools/registry';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Mask' | 'Edit' | 'Category' | 'Tool';
  /** Default key chords, see keys.ts. */
  readonly keys: readonly string[];
  enabled(editor: Editor): boolean;
  run(editor: Editor): void;
}

const isMaking = (editor: Editor): boolean => editor.getSnapshot().making !== null;
const hasSelection = (editor: Editor): boolean => editor.getSnapshot().selection.length > 0;
const hasAnnotations = (editor: Editor): boolean => editor.getSnapshot().annotations.length > 0;
const always = (): boolean => true;

const MASK_COMMANDS: readonly Command[] = [
  {
    id: 'accept',
    title: 'Accept the mask',
    group: 'Mask',
    keys: ['Enter'],
    enabled: always,
    run: (editor) => editor.prompting.accept(),
  },
  {
    id: 'cancel',
    title: 'Clear the mask, the drag or the selection',
    group: 'Mask',
    keys: ['Escape'],
    enabled: always,
    run: (editor) => editor.cancel(),
  },
  {
    id: 'nextCandidate',
    title: 'Next candidate: whole, part, subpart',
    group: 'Mask',
    keys: ['Tab'],
    enabled: isMaking,
    run: (editor) => editor.prompting.nextCandidate(),
  },
  {
    id: 'previousCandidate',
    title: 'Previous candidate',
    group: 'Mask',
    keys: ['Shift+Tab'],
    enabled: isMaking,
    run: (editor) => editor.prompting.previousCandidate(),
  },
  {
    id: 'retry',
    title: 'Ask the model again',
    group: 'Mask',
    keys: ['r'],
    enabled: (editor) => editor.getSnapshot().making?.state === 'failed',
    run: (editor) => editor.prompting.retry(),
  },
];

const EDIT_COMMANDS: readonly Command[] = [
  {
    id: 'undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Mod+z'],
    enabled: (editor) => editor.getSnapshot().canUndo,
    run: (editor) => editor.undo(),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'Edit',
    keys: ['Mod+Shift+z', 'Mod+y'],
    enabled: (editor) => editor.getSnapshot().canRedo,
    run: (editor) => editor.redo(),
  },
  {
    id: 'deleteSelected',
    title: 'Delete the selected annotation',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    enabled: hasSelection,
    run: (editor) => editor.objects.delete(editor.objects.selection),
  },
  {
    id: 'selectNext',
    title: 'Select the next annotation',
    group: 'Edit',
    keys: ['.'],
    enabled: hasAnnotations,
    run: (editor) => editor.selectNext(1),
  },
  {
    id: 'selectPrevious',
    title: 'Select the previous annotation',
    group: 'Edit',
    keys: [','],
    enabled: hasAnnotations,
    run: (editor) => editor.selectNext(-1),
  },
];

function categoryCommand(number: number): Command {
  return {
    id: `category${number}`,
    title: `Category ${number}`,
    group: 'Category',
    keys: [String(number)],
    enabled: (editor) => editor.getSnapshot().categories.length >= number,
    run: (editor) => editor.objects.setCategory(editor.getSnapshot().categories[number - 1]?.id ?? null),
  };
}

const CATEGORY_COMMANDS: readonly Command[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(categoryCommand),
  {
    id: 'category0',
    title: 'No category',
    group: 'Category',
    keys: ['0'],
    enabled: always,
    run: (editor) => editor.objects.setCategory(null),
  },
];

const TOOL_COMMANDS: readonly Command[] = TOOLS.map((tool) => ({
  id: `tool.${tool.id}`,
  title: `${tool.title} tool`,
  group: 'Tool',
  keys: tool.keys,
  enabled: always,
  run: (editor) => editor.selectTool(tool.id),
}));

export const COMMANDS: readonly Command[] = [
  ...MASK_COMMANDS,
  ...EDIT_COMMANDS,
  ...CATEGORY_COMMANDS,
  ...TOOL_COMMANDS,
];

/** The enabled command that a chord gives, if any: `commandFor(chordOf(event), editor)?.run(editor)`. */
export function commandFor(chord: string, editor: Editor): Command | undefined {
  return COMMANDS.find((command) => command.keys.includes(chord) && command.enabled(editor));
}

import type { MessageKey } from '../../i18n/message';
import type { Editor } from '../editor';
import type { Objects } from '../objects';
import { always, type Command, hasAnnotations, hasSelection } from './command';

type NameIn<Key> = Key extends `commands:${infer Name}` ? Name : never;

function objectCommand(
  id: NameIn<MessageKey>,
  keys: readonly string[],
  enabled: (editor: Editor) => boolean,
  run: (objects: Objects) => void,
): Command {
  const title: MessageKey = `commands:${id}`;
  return { id, title: { key: title }, group: 'object', keys, enabled, run: ({ objects }) => run(objects) };
}

const hasHidden = (editor: Editor): boolean => editor.getSnapshot().hiddenByHand.size > 0;
const hasLocked = (editor: Editor): boolean => editor.getSnapshot().locked.size > 0;

const SELECTING: readonly Command[] = [
  {
    id: 'selectNext',
    title: { key: 'commands:selectNext' },
    group: 'object',
    keys: ['.'],
    enabled: hasAnnotations,
    run: (editor) => editor.selectNext(1),
  },
  {
    id: 'selectPrevious',
    title: { key: 'commands:selectPrevious' },
    group: 'object',
    keys: [','],
    enabled: hasAnnotations,
    run: (editor) => editor.selectNext(-1),
  },
  selectionCommand('selectAll', ['Mod+a'], hasAnnotations, (objects) => objects.selectAll()),
  selectionCommand('invertSelection', ['Mod+i'], hasAnnotations, (objects) => objects.invertSelection()),
  objectCommand('selectSameCategory', ['Shift+c'], hasSelection, (objects) => objects.selectSameCategory()),
  objectCommand('selectWholes', ['u'], hasSelection, (objects) => objects.selectWholes()),
  objectCommand('selectParts', ['Shift+u'], hasSelection, (objects) => objects.selectParts()),
];

/** Selects where nothing was selected: with a tool in hand that can have a selection. */
function selectionCommand(
  id: NameIn<MessageKey>,
  keys: readonly string[],
  enabled: (editor: Editor) => boolean,
  select: (objects: Objects) => void,
): Command {
  const command = objectCommand(id, keys, enabled, select);
  return { ...command, run: (editor) => editor.selecting(select) };
}

/** What is seen, and what can be reached. */
const SIGHT: readonly Command[] = [
  objectCommand('hideSelected', ['h'], hasSelection, (objects) => objects.toggleHidden()),
  objectCommand('solo', ['i'], always, (objects) => objects.toggleSolo()),
  objectCommand('hideAll', ['Alt+Shift+h'], hasAnnotations, (objects) => objects.setAllHidden(true)),
  objectCommand('showAll', ['Alt+h'], hasHidden, (objects) => objects.setAllHidden(false)),
  objectCommand('lockSelected', ['Shift+l'], hasSelection, (objects) => objects.toggleLocked()),
  objectCommand('lockAll', ['Alt+Shift+l'], hasAnnotations, (objects) => objects.setAllLocked(true)),
  objectCommand('unlockAll', ['Alt+l'], hasLocked, (objects) => objects.setAllLocked(false)),
];

/** The accepted masks. */
export const OBJECT_COMMANDS: readonly Command[] = [
  {
    id: 'deleteSelected',
    title: { key: 'commands:deleteSelected' },
    group: 'object',
    keys: ['Delete', 'Backspace'],
    enabled: (editor) => hasSelection(editor) || editor.canRemove,
    run: (editor) => editor.remove(),
  },
  {
    id: 'refineSelected',
    title: { key: 'commands:refineSelected' },
    group: 'object',
    keys: ['e'],
    enabled: (editor) => editor.getSnapshot().selection.length === 1,
    run: (editor) => editor.refine(editor.objects.selection[0] ?? ''),
  },
  ...SELECTING,
  ...SIGHT,
];

function categoryCommand(number: number): Command {
  return {
    id: `category${number}`,
    title: { key: 'commands:category', values: { number } },
    group: 'category',
    keys: [String(number)],
    enabled: (editor) => editor.getSnapshot().categories.length >= number,
    run: (editor) => editor.objects.setCategory(editor.getSnapshot().categories[number - 1]?.id ?? null),
  };
}

export const CATEGORY_COMMANDS: readonly Command[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(categoryCommand),
  {
    id: 'category0',
    title: { key: 'commands:noCategory' },
    group: 'category',
    keys: ['0'],
    enabled: always,
    run: (editor) => editor.objects.setCategory(null),
  },
];

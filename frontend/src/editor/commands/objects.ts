import { always, type Command, hasAnnotations, hasSelection } from './command';

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
  {
    id: 'refineSelected',
    title: { key: 'commands:refineSelected' },
    group: 'object',
    keys: ['e'],
    enabled: (editor) => editor.getSnapshot().selection.length === 1,
    run: (editor) => editor.refine(editor.objects.selection[0] ?? ''),
  },
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

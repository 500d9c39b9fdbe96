import type { CleanUp } from '../editing';
import type { Editor } from '../editor';
import type { LayerMove } from '../layers';
import type { OverlapRule, RingOperation } from '../model';
import { always, type Command, hasSelection, isMaking } from './command';
import type { MessageKey } from '../../i18n/message';

const hasMask = (editor: Editor): boolean => isMaking(editor) || hasSelection(editor);
const hasTip = (editor: Editor): boolean => editor.getSnapshot().tool.tipRadius !== null;

function cleanUpCommand(kind: CleanUp, id: string, title: MessageKey, key: string): Command {
  return {
    id,
    title: { key: title },
    group: 'edit',
    keys: [key],
    enabled: hasMask,
    run: ({ editing }) => editing.cleanUp(kind),
  };
}

function layerCommand(move: LayerMove, title: MessageKey, key: string): Command {
  return {
    id: `layer.${move}`,
    title: { key: title },
    group: 'object',
    keys: [key],
    enabled: hasSelection,
    run: ({ arranging }) => arranging.moveLayer(move),
  };
}

function operationCommand(operation: RingOperation, title: MessageKey): Command {
  return {
    id: `operation.${operation}`,
    title: { key: title },
    group: 'tool',
    keys: [],
    enabled: always,
    run: ({ editing }) => editing.set({ operation }),
  };
}

const RULES: readonly OverlapRule[] = ['off', 'yield', 'bite'];

/** Changes by hand. */
export const EDITING_COMMANDS: readonly Command[] = [
  {
    id: 'brushSmaller',
    title: { key: 'commands:brushSmaller' },
    group: 'tool',
    keys: ['['],
    enabled: hasTip,
    run: (editor) => editor.step(-1),
  },
  {
    id: 'brushLarger',
    title: { key: 'commands:brushLarger' },
    group: 'tool',
    keys: [']'],
    enabled: hasTip,
    run: (editor) => editor.step(1),
  },
  operationCommand('add', 'commands:operationAdd'),
  operationCommand('subtract', 'commands:operationSubtract'),
  operationCommand('intersect', 'commands:operationIntersect'),
  operationCommand('new', 'commands:operationNew'),
  {
    id: 'nextOverlapRule',
    title: { key: 'commands:nextOverlapRule' },
    group: 'edit',
    keys: ['o'],
    enabled: always,
    run: ({ editing }) =>
      editing.set({
        overlaps: RULES[(RULES.indexOf(editing.settings.overlaps) + 1) % RULES.length] ?? 'off',
      }),
  },
  cleanUpCommand('fill_holes', 'fillHoles', 'commands:fillHoles', 'Shift+h'),
  cleanUpCommand('drop_islands', 'dropIslands', 'commands:dropIslands', 'Shift+i'),
  cleanUpCommand('keep_largest', 'keepLargest', 'commands:keepLargest', 'Shift+k'),
  cleanUpCommand('smooth', 'smooth', 'commands:smooth', 'Shift+m'),
  {
    id: 'keepVertices',
    title: { key: 'commands:keepVertices' },
    group: 'edit',
    keys: [],
    enabled: (editor) => editor.getSnapshot().tool.id === 'vertices' && editor.outlines.current !== null,
    run: ({ outlines }) => outlines.keepShown(),
  },
  {
    id: 'split',
    title: { key: 'commands:split' },
    group: 'object',
    keys: ['Shift+s'],
    enabled: hasSelection,
    run: ({ arranging }) => arranging.split(),
  },
  {
    id: 'merge',
    title: { key: 'commands:merge' },
    group: 'object',
    keys: ['m'],
    enabled: (editor) => editor.getSnapshot().selection.length > 1,
    run: ({ arranging }) => arranging.merge(),
  },
  {
    id: 'duplicate',
    title: { key: 'commands:duplicate' },
    group: 'object',
    keys: ['Mod+d'],
    enabled: hasSelection,
    run: ({ arranging }) => arranging.duplicate(),
  },
  layerCommand('front', 'commands:layerFront', 'Mod+}'),
  layerCommand('forward', 'commands:layerForward', 'Mod+]'),
  layerCommand('backward', 'commands:layerBackward', 'Mod+['),
  layerCommand('back', 'commands:layerBack', 'Mod+{'),
];

import type { Editor } from '../editor';
import { always, type Command, isMaking } from './command';

const hasLadder = (editor: Editor): boolean => (editor.getSnapshot().making?.ladder.length ?? 0) > 0;
const canCut = (editor: Editor): boolean => editor.getSnapshot().making?.canCut ?? false;

/** The mask in the making. */
export const PROMPTING_COMMANDS: readonly Command[] = [
  {
    id: 'accept',
    title: { key: 'commands:accept' },
    group: 'mask',
    keys: ['Enter'],
    enabled: always,
    run: (editor) => editor.accept(),
  },
  {
    id: 'cancel',
    title: { key: 'commands:cancel' },
    group: 'mask',
    keys: ['Escape'],
    enabled: always,
    run: (editor) => editor.cancel(),
  },
  {
    id: 'nextCandidate',
    title: { key: 'commands:nextCandidate' },
    group: 'mask',
    keys: ['Tab'],
    enabled: isMaking,
    run: (editor) => editor.prompting.nextCandidate(),
  },
  {
    id: 'previousCandidate',
    title: { key: 'commands:previousCandidate' },
    group: 'mask',
    keys: ['Shift+Tab'],
    enabled: isMaking,
    run: (editor) => editor.prompting.previousCandidate(),
  },
  {
    id: 'keepCandidate',
    title: { key: 'commands:keepCandidate' },
    group: 'mask',
    keys: ['k'],
    enabled: hasLadder,
    run: (editor) => editor.prompting.keepCandidate(),
  },
  {
    id: 'tighter',
    title: { key: 'commands:tighter' },
    group: 'mask',
    keys: ['Alt+ArrowUp'],
    enabled: canCut,
    run: (editor) => editor.prompting.changeThreshold(1),
  },
  {
    id: 'looser',
    title: { key: 'commands:looser' },
    group: 'mask',
    keys: ['Alt+ArrowDown'],
    enabled: canCut,
    run: (editor) => editor.prompting.changeThreshold(-1),
  },
  {
    id: 'boxEach',
    title: { key: 'commands:boxEach' },
    group: 'mask',
    keys: [],
    enabled: always,
    run: ({ prompting }) => prompting.set({ boxEach: !prompting.settings.boxEach }),
  },
  {
    id: 'retry',
    title: { key: 'commands:retry' },
    group: 'mask',
    keys: ['r'],
    enabled: (editor) => editor.getSnapshot().making?.state === 'failed',
    run: (editor) => editor.prompting.retry(),
  },
];

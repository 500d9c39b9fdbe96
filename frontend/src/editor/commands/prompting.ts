import { always, type Command, isMaking } from './command';

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
    id: 'retry',
    title: { key: 'commands:retry' },
    group: 'mask',
    keys: ['r'],
    enabled: (editor) => editor.getSnapshot().making?.state === 'failed',
    run: (editor) => editor.prompting.retry(),
  },
];

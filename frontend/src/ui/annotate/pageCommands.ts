/** What the page does by key, beside the editor's own commands: the same shape, so that one list makes the help. */
import type { Message } from '../../i18n/message';
import type { View } from './view';

export interface PageContext {
  readonly view: View;
  /** Null where there is no such image. */
  readonly goToPrevious: (() => void) | null;
  readonly goToNext: (() => void) | null;
  /** The selected masks. Null where there is no next image. */
  readonly copyToNext: (() => void) | null;
  readonly showHelp: () => void;
}

export interface PageCommand {
  readonly id: string;
  readonly title: Message;
  readonly group: 'image' | 'view';
  readonly keys: readonly string[];
  run(context: PageContext): void;
}

const ZOOM_STEP = 1.4;

export const PAGE_COMMANDS: readonly PageCommand[] = [
  {
    id: 'nextImage',
    title: { key: 'commands:nextImage' },
    group: 'image',
    keys: ['d', 'PageDown'],
    run: ({ goToNext }) => goToNext?.(),
  },
  {
    id: 'previousImage',
    title: { key: 'commands:previousImage' },
    group: 'image',
    keys: ['a', 'PageUp'],
    run: ({ goToPrevious }) => goToPrevious?.(),
  },
  {
    id: 'copyToNext',
    title: { key: 'commands:copyToNext' },
    group: 'image',
    keys: ['Shift+d'],
    run: ({ copyToNext }) => copyToNext?.(),
  },
  { id: 'fit', title: { key: 'commands:fit' }, group: 'view', keys: ['f'], run: ({ view }) => view.fit() },
  {
    id: 'zoomIn',
    title: { key: 'commands:zoomIn' },
    group: 'view',
    keys: ['+', '='],
    run: ({ view }) => view.zoom(ZOOM_STEP),
  },
  {
    id: 'zoomOut',
    title: { key: 'commands:zoomOut' },
    group: 'view',
    keys: ['-'],
    run: ({ view }) => view.zoom(1 / ZOOM_STEP),
  },
  {
    id: 'help',
    title: { key: 'commands:help' },
    group: 'view',
    keys: ['?'],
    run: ({ showHelp }) => showHelp(),
  },
];

/** What the mouse does, for the help sheet: `annotate:mouse.gestures` and `annotate:mouse.effects` have the words. */
export const MOUSE_HELP = ['hover', 'click', 'leaveOut', 'box', 'wheel', 'pan'] as const;

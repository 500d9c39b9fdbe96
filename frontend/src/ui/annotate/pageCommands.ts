/** What the page itself can be told, beside the editor's own commands. */
import { always, type CommandOf, hasSelection } from '../../editor/commands/command';
import type { Editor } from '../../editor/editor';
import type { Preferences } from '../../preferences/preferences';
import { walkRegions } from './regions';
import type { View } from './view';

/** What opens over the page. */
export type PageDialog = 'palette' | 'help' | 'keys';

export interface PageContext {
  readonly view: View;
  /** Null while no image is open. */
  readonly editor: Editor | null;
  /** Null where there is no such image. */
  readonly goToPrevious: (() => void) | null;
  readonly goToNext: (() => void) | null;
  /** The selected masks. Null where there is no next image. */
  readonly copyToNext: (() => void) | null;
  readonly show: (dialog: PageDialog) => void;
  readonly preferences: Pick<Preferences, 'get' | 'set'>;
}

export type PageCommand = CommandOf<PageContext>;

/** Puts the keyboard into a field of the panels. */
function focusField(name: 'category' | 'filter'): void {
  document.querySelector<HTMLElement>(`[data-field=${name}]`)?.focus();
}

const ZOOM_STEP = 1.4;

/** Around the crosshair while it is in use, so that what is worked on stays in sight. */
function zoom({ view, editor }: PageContext, factor: number): void {
  const crosshair = editor?.getSnapshot().crosshair;
  view.zoom(factor, crosshair ? view.toScreen(crosshair.point) : undefined);
}

export const PAGE_COMMANDS: readonly PageCommand[] = [
  {
    id: 'nextImage',
    title: { key: 'commands:nextImage' },
    group: 'image',
    keys: ['d', 'PageDown'],
    enabled: ({ goToNext }) => goToNext !== null,
    run: ({ goToNext }) => goToNext?.(),
  },
  {
    id: 'previousImage',
    title: { key: 'commands:previousImage' },
    group: 'image',
    keys: ['a', 'PageUp'],
    enabled: ({ goToPrevious }) => goToPrevious !== null,
    run: ({ goToPrevious }) => goToPrevious?.(),
  },
  {
    id: 'copyToNext',
    title: { key: 'commands:copyToNext' },
    group: 'object',
    keys: ['Shift+d'],
    enabled: ({ copyToNext, editor }) => copyToNext !== null && editor !== null && hasSelection(editor),
    run: ({ copyToNext }) => copyToNext?.(),
  },
  {
    id: 'findCategory',
    title: { key: 'commands:findCategory' },
    group: 'category',
    keys: ['c'],
    enabled: always,
    run: () => focusField('category'),
  },
  {
    id: 'filterMasks',
    title: { key: 'commands:filterMasks' },
    group: 'object',
    keys: ['/'],
    enabled: always,
    run: () => focusField('filter'),
  },
  {
    id: 'fit',
    title: { key: 'commands:fit' },
    group: 'view',
    keys: ['f'],
    enabled: always,
    run: ({ view }) => view.fit(),
  },
  {
    id: 'zoomIn',
    title: { key: 'commands:zoomIn' },
    group: 'view',
    keys: ['+', '='],
    enabled: always,
    run: (context) => zoom(context, ZOOM_STEP),
  },
  {
    id: 'zoomOut',
    title: { key: 'commands:zoomOut' },
    group: 'view',
    keys: ['-'],
    enabled: always,
    run: (context) => zoom(context, 1 / ZOOM_STEP),
  },
  {
    id: 'outlineOnly',
    title: { key: 'commands:outlineOnly' },
    group: 'view',
    keys: ['Shift+o'],
    enabled: always,
    run: ({ preferences }) => preferences.set({ outline_only: !preferences.get().outline_only }),
  },
  {
    id: 'nextRegion',
    title: { key: 'commands:nextRegion' },
    group: 'view',
    keys: ['F6'],
    enabled: always,
    run: () => walkRegions(1),
  },
  {
    id: 'previousRegion',
    title: { key: 'commands:previousRegion' },
    group: 'view',
    keys: ['Shift+F6'],
    enabled: always,
    run: () => walkRegions(-1),
  },
  {
    id: 'palette',
    title: { key: 'commands:palette' },
    group: 'view',
    keys: ['Mod+k'],
    enabled: always,
    run: ({ show }) => show('palette'),
  },
  {
    id: 'keys',
    title: { key: 'commands:keys' },
    group: 'view',
    keys: [],
    enabled: always,
    run: ({ show }) => show('keys'),
  },
  {
    id: 'help',
    title: { key: 'commands:help' },
    group: 'view',
    keys: ['?', 'F1'],
    enabled: always,
    run: ({ show }) => show('help'),
  },
];

import type { Direction, Quadrant } from '../crosshair';
import type { Editor } from '../editor';
import { always, type Command } from './command';

const isShown = ({ crosshair }: Editor): boolean => crosshair.isShown;
const isHalving = ({ crosshair }: Editor): boolean => crosshair.isHalving;

const DIRECTIONS = [
  ['left', 'commands:crosshair.left', 'commands:crosshair.farLeft', 'ArrowLeft'],
  ['right', 'commands:crosshair.right', 'commands:crosshair.farRight', 'ArrowRight'],
  ['up', 'commands:crosshair.up', 'commands:crosshair.farUp', 'ArrowUp'],
  ['down', 'commands:crosshair.down', 'commands:crosshair.farDown', 'ArrowDown'],
] as const satisfies readonly (readonly [Direction, ...string[]])[];

const moveCommands: readonly Command[] = DIRECTIONS.flatMap(([direction, title, farTitle, key]) => {
  const move = (isFar: boolean) => (editor: Editor) => editor.crosshair.move(direction, isFar);
  const rest = { group: 'crosshair', enabled: always } as const;
  return [
    { id: `crosshair.${direction}`, title: { key: title }, keys: [key], run: move(false), ...rest },
    {
      id: `crosshair.${direction}.far`,
      title: { key: farTitle },
      keys: [`Shift+${key}`],
      run: move(true),
      ...rest,
    },
  ];
});

/** As the keys lie under the right hand, and as they lie on the number pad. */
const QUADRANTS = [
  ['upperLeft', 'commands:crosshair.upperLeft', 'u', 'Numpad7'],
  ['upperRight', 'commands:crosshair.upperRight', 'i', 'Numpad9'],
  ['lowerLeft', 'commands:crosshair.lowerLeft', 'j', 'Numpad1'],
  ['lowerRight', 'commands:crosshair.lowerRight', 'k', 'Numpad3'],
] as const satisfies readonly (readonly [Quadrant, ...string[]])[];

const quadrantCommands: readonly Command[] = QUADRANTS.map(([quadrant, title, ...keys]) => ({
  id: `crosshair.${quadrant}`,
  title: { key: title },
  group: 'crosshair',
  keys,
  mode: 'halving',
  enabled: isHalving,
  run: ({ crosshair }) => crosshair.choose(quadrant),
}));

/** Those of halving come first: Backspace and Escape mean something else outside of it. */
export const CROSSHAIR_COMMANDS: readonly Command[] = [
  ...quadrantCommands,
  {
    id: 'crosshair.back',
    title: { key: 'commands:crosshair.back' },
    group: 'crosshair',
    keys: ['Backspace'],
    mode: 'halving',
    enabled: isHalving,
    run: ({ crosshair }) => crosshair.stepBack(),
  },
  {
    id: 'crosshair.endHalving',
    title: { key: 'commands:crosshair.endHalving' },
    group: 'crosshair',
    keys: ['Escape'],
    mode: 'halving',
    enabled: isHalving,
    run: ({ crosshair }) => crosshair.halve(),
  },
  ...moveCommands,
  {
    id: 'crosshair.halve',
    title: { key: 'commands:crosshair.halve' },
    group: 'crosshair',
    keys: ['q'],
    enabled: always,
    run: ({ crosshair }) => crosshair.halve(),
  },
  {
    id: 'crosshair.click',
    title: { key: 'commands:crosshair.click' },
    group: 'crosshair',
    keys: ['Space'],
    once: true,
    enabled: isShown,
    run: ({ crosshair }) => crosshair.click(),
  },
  {
    id: 'crosshair.clickSecondary',
    title: { key: 'commands:crosshair.clickSecondary' },
    group: 'crosshair',
    keys: ['Shift+Space'],
    once: true,
    enabled: isShown,
    run: ({ crosshair }) => crosshair.click('secondary'),
  },
  {
    id: 'crosshair.press',
    title: { key: 'commands:crosshair.press' },
    group: 'crosshair',
    keys: ['g'],
    once: true,
    enabled: isShown,
    run: ({ crosshair }) => crosshair.toggle(),
  },
];

import { expect, test, vi } from 'vitest';

import { Person } from '../../editor/testing/person';
import { DEFAULTS } from '../../preferences/settings';
import { actionFor, actionsOf } from './actions';
import { GROUPS } from './helpContents';
import type { PageContext } from './pageCommands';
import { View } from './view';

function setUp(changes: Partial<PageContext> = {}) {
  const person = new Person();
  const context: PageContext = {
    view: new View(),
    editor: person.editor,
    goToPrevious: null,
    goToNext: vi.fn(),
    copyToNext: null,
    show: vi.fn(),
    preferences: { get: () => DEFAULTS, set: vi.fn() },
    ...changes,
  };
  return { person, context, actions: actionsOf(context) };
}

test('every id is there once, every chord once in its mode, and every group is in the help', () => {
  const { actions } = setUp();
  const ids = actions.map(({ id }) => id);
  const chords = actions.flatMap(({ keys, mode = '' }) => keys.map((chord) => `${mode} ${chord}`));
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(chords.filter((chord, i) => chords.indexOf(chord) !== i)).toEqual([]);
  expect(actions.filter(({ group }) => !GROUPS.includes(group))).toEqual([]);
});

test('a key gives the command that a person bound to it, and not the one that had it', () => {
  const { actions } = setUp();
  const bindings = { fit: ['d'], nextImage: [] };
  expect(actionFor(['d'], actions, bindings)?.id).toBe('fit');
  expect(actionFor(['PageDown'], actions, bindings)).toBeUndefined();
});

test('what cannot be done leaves its key to the page', () => {
  const { actions } = setUp();
  expect(actionFor(['d'], actions, {})?.id).toBe('nextImage');
  expect(actionFor(['a'], actions, {})).toBeUndefined();
});

test('a mode has its keys before others, while it is on', async () => {
  const { person, actions } = setUp();
  expect(actionFor(['Escape'], actions, {})?.id).toBe('cancel');
  await person.key('q');
  expect(actionFor(['Escape'], actions, {})?.id).toBe('crosshair.endHalving');
});

test('without an image the page can still be told what does not need one', () => {
  const { actions } = setUp({ editor: null });
  expect(actionFor(['Enter'], actions, {})).toBeUndefined();
  expect(actionFor(['?'], actions, {})?.id).toBe('help');
});

test('outlines alone are a setting that a key turns on', () => {
  const { actions, context } = setUp();
  actionFor(['Shift+o'], actions, {})?.run();
  expect(context.preferences.set).toHaveBeenCalledWith({ outline_only: true });
});

import { describe, expect, test } from 'vitest';

import { bind, holderOf, isRebound, keysOf, reservationOf, reset, unbind } from './bindings';

const undo = { id: 'undo', keys: ['Mod+z'] };
const redo = { id: 'redo', keys: ['Mod+Shift+z', 'Mod+y'] };
const quadrant = { id: 'quadrant', keys: ['u'], mode: 'halving' };
const unite = { id: 'unite', keys: ['u'] };
const ALL = [undo, redo, quadrant, unite];

describe('keys of a person', () => {
  test('are the usual ones where nothing else is set, and none where they were taken away', () => {
    expect(keysOf(undo, {})).toEqual(['Mod+z']);
    expect(keysOf(undo, { undo: [] })).toEqual([]);
    expect(isRebound(undo, { undo: [] })).toBe(true);
  });

  test('a free chord comes beside those that are there', () => {
    expect(bind('q', undo, ALL, {})).toEqual({ undo: ['Mod+z', 'q'] });
  });

  test('a chord is taken from whoever has it', () => {
    expect(holderOf('Mod+y', undo, ALL, {})).toBe(redo);
    expect(bind('Mod+y', undo, ALL, {})).toEqual({ undo: ['Mod+z', 'Mod+y'], redo: ['Mod+Shift+z'] });
  });

  test('a chord given twice to the same command is there once', () => {
    expect(bind('Mod+z', undo, ALL, {})).toEqual({});
  });

  test('a mode may use chords that others use outside of it', () => {
    expect(holderOf('u', quadrant, ALL, {})).toBeUndefined();
  });

  test('what is as usual again is not stored', () => {
    expect(bind('Mod+z', undo, ALL, unbind('Mod+z', undo, {}))).toEqual({});
  });

  test('the usual keys come back, also from whoever took them', () => {
    const taken = bind('Mod+y', undo, ALL, {});
    expect(reset(redo, ALL, taken)).toEqual({});
  });

  test.each([
    ['Mod+w', 'browser'],
    ['Tab', 'dialog'],
    ['Escape', 'dialog'],
    ['Mod+k', null],
  ])('%s: reserved for %s', (chord, reservation) => {
    expect(reservationOf(chord)).toBe(reservation);
  });
});

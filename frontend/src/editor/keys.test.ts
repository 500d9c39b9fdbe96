import { describe, expect, test } from 'vitest';

import { chordOf, chordsOf, type KeyInput } from './keys';

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };
const altGraph = { getModifierState: (key: string) => key === 'AltGraph' };

const press = (input: Partial<KeyInput> & { key: string }): KeyInput => ({ ...plain, ...input });

describe('chords', () => {
  test.each([
    [{ key: 'Enter' }, 'Enter'],
    [{ key: ' ' }, 'Space'],
    [{ key: ' ', shiftKey: true }, 'Shift+Space'],
    [{ key: 'z', ctrlKey: true }, 'Mod+z'],
    [{ key: 'z', metaKey: true }, 'Mod+z'],
    [{ key: 'Z', ctrlKey: true, shiftKey: true }, 'Mod+Shift+z'],
    [{ key: 'Z' }, 'z'],
    [{ key: 'Tab', shiftKey: true }, 'Shift+Tab'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: '1', altKey: true, code: 'Digit1' }, 'Alt+1'],
  ])('%o is %s', (input, chord) => {
    expect(chordOf(press(input))).toBe(chord);
  });

  test.each([
    ['a Russian layout', { key: 'ы', code: 'KeyS' }, 's'],
    ['a Russian layout with Control', { key: 'я', code: 'KeyZ', ctrlKey: true }, 'Mod+z'],
    ['Russian letters where others have signs', { key: 'ю', code: 'Period' }, '.'],
    ['a Greek capital', { key: 'Σ', code: 'KeyS', shiftKey: true }, 'Shift+s'],
    ['a dead key', { key: 'Dead', code: 'BracketLeft' }, '['],
    ['Option on a Mac', { key: 'å', code: 'KeyA', altKey: true }, 'Alt+a'],
    ['a letter with a key of its own', { key: 'ö', code: 'Semicolon' }, 'ö'],
    ['AltGr on Windows', { key: '[', code: 'Digit8', ctrlKey: true, altKey: true, ...altGraph }, '['],
    ['another order of letters', { key: 'a', code: 'KeyQ' }, 'a'],
  ])('%s: the chord that is meant', (_, input, chord) => {
    expect(chordOf(press(input))).toBe(chord);
  });

  test.each(['Shift', 'Control', 'AltGraph', 'Process'])('%s alone is none', (key) => {
    expect(chordOf(press({ key }))).toBeNull();
  });

  test('the number pad has keys of its own, which are digits too', () => {
    expect(chordsOf(press({ key: '7', code: 'Numpad7' }))).toEqual(['Numpad7', '7']);
    expect(chordsOf(press({ key: '7', code: 'Digit7' }))).toEqual(['7']);
  });
});

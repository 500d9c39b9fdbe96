import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

const tokens = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

type Theme = 'light' | 'dark';
type Rgba = readonly [r: number, g: number, b: number, a: number];

/** The colour of a token, channels 0 to 1. */
function colorOf(token: string, theme: Theme): Rgba {
  const [, light, dark] = new RegExp(`${token}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens) ?? [];
  const hex = theme === 'light' ? light : dark;
  if (!hex) throw new Error(`tokens.css has no ${token}`);
  const channel = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [channel(1), channel(3), channel(5), hex.length > 7 ? channel(7) : 1];
}

const over = ([r, g, b, a]: Rgba, [R, G, B]: Rgba): Rgba => [
  r * a + R * (1 - a),
  g * a + G * (1 - a),
  b * a + B * (1 - a),
  1,
];

/** Relative luminance of WCAG 2.2. */
function luminance([r, g, b]: Rgba): number {
  const linear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function contrast(a: Rgba, b: Rgba): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const SURFACES = ['--ground', '--surface', '--raised', '--raised-hover', '--inset'];
const TEXTS = ['--text', '--text-dim', '--text-faint', '--accent', '--good', '--warn', '--bad'];
const CONTROLS = ['--line-control', '--accent'];

describe.each(['light', 'dark'] as const)('on the %s theme', (theme) => {
  const of = (token: string) => colorOf(token, theme);

  test.each(SURFACES.flatMap((ground) => TEXTS.map((text) => [text, ground] as const)))(
    '%s can be read on %s',
    (text, ground) => expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5),
  );

  test.each(SURFACES.flatMap((ground) => CONTROLS.map((control) => [control, ground] as const)))(
    'the edge %s can be seen on %s',
    (control, ground) => expect(contrast(of(control), of(ground))).toBeGreaterThanOrEqual(3),
  );

  test.each([
    ['--text', '--accent-quiet'],
    ['--accent', '--accent-quiet'],
    ['--warn', '--warn-quiet'],
    ['--bad', '--bad-quiet'],
    ['--good', '--good-quiet'],
  ])('%s can be read on a patch of %s over any panel', (text, patch) => {
    for (const ground of ['--ground', '--surface', '--raised']) {
      const behind = over(of(patch), of(ground));
      expect(contrast(of(text), behind), `over ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test.each(['--accent', '--accent-hover'])('a primary button of %s can be read', (button) => {
    expect(contrast(of('--on-accent'), of(button))).toBeGreaterThanOrEqual(4.5);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Runs } from './rle';
import { forEachSpan, SpanWriter } from './spans';
import { samples } from './testing/masks';

fc.configureGlobal({ seed: 20261122 });

function spansOf(runs: Runs, height: number): number[][] {
  const spans: number[][] = [];
  forEachSpan(runs, height, (...span) => spans.push(span));
  return spans;
}

test('a run that goes over three columns is a span in each', () => {
  expect(spansOf(Uint32Array.of(2, 7, 3), 4)).toEqual([
    [0, 2, 4],
    [1, 0, 4],
    [2, 0, 1],
  ]);
});

test('the spans of a mask, written again, are the mask', () => {
  fc.assert(
    fc.property(samples, ({ runs, size: { width, height } }) => {
      const writer = new SpanWriter();
      forEachSpan(runs, height, (x, top, bottom) => {
        expect(top >= 0 && bottom <= height && bottom > top).toBe(true);
        writer.add(x * height + top, x * height + bottom);
      });
      expect(writer.finish(width * height)).toEqual(runs);
    }),
  );
});

test.each<[string, [number, number][], number[]]>([
  ['none', [], [9]],
  ['empty ones', [[3, 3]], [9]],
  [
    'touching ones',
    [
      [1, 3],
      [3, 5],
    ],
    [1, 4, 4],
  ],
  [
    'one within another',
    [
      [0, 6],
      [2, 4],
      [5, 7],
    ],
    [0, 7, 2],
  ],
  ['one up to the end', [[4, 9]], [4, 5]],
])('stretches melt together: %s', (_, stretches, expected) => {
  const writer = new SpanWriter();
  for (const [start, end] of stretches) writer.add(start, end);
  expect([...writer.finish(9)]).toEqual(expected);
});

import { describe, expect, it } from 'vitest';
import type { Xywh } from '../geometry/box';
import type { DecodeRequest, MaskLogits, Prompt } from '../geometry/decoding';
import { Focus } from './focus';

const SIZE = { width: 4000, height: 4000 };
const WHOLE: Xywh = [0, 0, 4000, 4000];
const LARGE: Xywh = [0, 0, 2000, 2000];
const SMALL: Xywh = [500, 500, 1000, 1000];
const AWAY: Xywh = [2000, 2000, 1000, 1000];

const request = (prompts: readonly Prompt[], prior: MaskLogits | null = null): DecodeRequest => ({
  prompts,
  imageSize: SIZE,
  prior,
});
const point = (x: number, y: number): Prompt => ({ kind: 'point', x, y, label: 1 });

/** Of the whole image; `side` of its 256 cells in both directions. */
function mask(side: number): MaskLogits {
  const logits = Float32Array.from({ length: 256 * 256 }, (_, i) =>
    i % 256 >= 48 && i % 256 < 48 + side && i >= 48 * 256 && i < (48 + side) * 256 ? 4 : -4,
  );
  return { logits, inputSide: 1024, crop: WHOLE };
}

function focusOn(...crops: Xywh[]): Focus {
  const focus = new Focus();
  for (const crop of crops) {
    focus.want(crop);
    focus.hold(crop);
  }
  return focus;
}

describe('where a request is decoded', () => {
  it('is the whole image while nothing is in focus, or what is in focus is not there', () => {
    expect(new Focus().cropFor(request([point(700, 700)]))).toEqual(WHOLE);
    const focus = focusOn(SMALL);
    focus.want(AWAY);
    expect(focus.cropFor(request([point(700, 700)]))).toEqual(WHOLE);
    focus.want(null);
    expect(focus.cropFor(request([point(700, 700)]))).toEqual(WHOLE);
  });

  it('is the crop in focus where all prompts lie in it', () => {
    const box: Prompt = { kind: 'box', box: { x0: 600, y0: 600, x1: 900, y1: 900 } };
    expect(focusOn(LARGE, SMALL).cropFor(request([point(700, 700), box]))).toEqual(SMALL);
    expect(focusOn(SMALL, LARGE).cropFor(request([point(700, 700), box]))).toEqual(LARGE);
  });

  it.each([
    ['a point', request([point(700, 700), point(400, 700)])],
    ['a box', request([{ kind: 'box', box: { x0: 600, y0: 600, x1: 1600, y1: 900 } }])],
    ['the mask so far', request([point(800, 800)], mask(60))],
  ])('is the smallest crop that is there and has room when %s reaches out of it', (_, asked) => {
    expect(focusOn(LARGE, SMALL).cropFor(asked)).toEqual(LARGE);
    expect(focusOn(SMALL).cropFor(asked)).toEqual(WHOLE);
  });

  it('stays the crop in focus where the mask so far has room in it', () => {
    expect(focusOn(LARGE, SMALL).cropFor(request([point(800, 800)], mask(20)))).toEqual(SMALL);
  });
});

describe('the crops that a worker holds', () => {
  const crop = (i: number): Xywh => [i * 100, 0, 1000, 1000];

  it('are few, and those seen longest ago go first', () => {
    const focus = focusOn(crop(0), crop(1), crop(2), crop(3));
    expect(focus.want(crop(0))).toEqual([crop(1), crop(2), crop(3), crop(0)]);
    expect(focus.want(crop(4))).toEqual([crop(2), crop(3), crop(0)]);
  });

  it('are gone with the worker', () => {
    const focus = focusOn(SMALL);
    focus.lose();
    expect(focus.cropFor(request([point(700, 700)]))).toEqual(WHOLE);
  });
});

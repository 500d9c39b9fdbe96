import { describe, expect, it } from 'vitest';
import type { Frame } from './gl';
import { MARK_VALUES, markValues } from './marks';
import { PLAIN_SCENE, type Scene } from './scene';

/** Two device pixels per CSS pixel; the view is in device pixels. */
const frame: Frame = {
  width: 400,
  height: 300,
  ratio: 2,
  view: { scale: 4, x: 10, y: 20 },
  imageSize: { width: 100, height: 50 },
};
const empty: Scene = {
  ...PLAIN_SCENE,
  imageSize: frame.imageSize,
  view: { scale: 2, x: 5, y: 10 },
};

function marksOf(scene: Partial<Scene>): number[][] {
  const values = [...markValues({ ...empty, ...scene }, frame)];
  return Array.from({ length: values.length / MARK_VALUES }, (_, i) =>
    values.slice(i * MARK_VALUES, (i + 1) * MARK_VALUES),
  );
}

describe('marks on the canvas', () => {
  it('keeps points at one size on the screen, and their kinds apart', () => {
    const points = [
      { kind: 'point', x: 10, y: 5, label: 1 },
      { kind: 'point', x: 20, y: 5, label: 0 },
    ] as const;
    expect(marksOf({ marks: points })).toEqual([
      [36, 26, 64, 54, 0],
      [76, 26, 104, 54, 1],
    ]);
  });

  it('draws points over boxes, and the dragged box over both', () => {
    const marks = [
      { kind: 'point', x: 1, y: 1, label: 1 },
      { kind: 'box', box: { x0: 1, y0: 2, x1: 3, y1: 4 } },
    ] as const;
    const dragBox = { x0: 0, y0: 0, x1: 1, y1: 1 };
    const all = marksOf({ marks, dragBox });
    expect(all.map((mark) => mark[4])).toEqual([2, 0, 3]);
    expect(all[0]).toEqual([14, 28, 22, 36, 2]);
  });

  it('draws the crosshair from edge to edge on whole device pixels', () => {
    expect(marksOf({ crosshair: { x: 10.3, y: 5 } })).toEqual([
      [51, 0, 53, 300, 4],
      [0, 40, 400, 42, 4],
    ]);
  });

  it('has nothing to draw on an empty scene', () => {
    expect(marksOf({})).toEqual([]);
  });
});

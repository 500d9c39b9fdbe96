import { describe, expect, it, vi } from 'vitest';

import { View } from './view';

function viewOf(image: { width: number; height: number }): View {
  const view = new View();
  view.resize({ width: 448, height: 448 });
  view.showImage(image);
  return view;
}

describe('the view', () => {
  it('shows a new image whole, with a margin', () => {
    const view = viewOf({ width: 200, height: 100 });
    expect(view.getState().viewport).toEqual({ scale: 2, x: 24, y: 124 });
  });

  it('follows the size of the canvas until a person zooms', () => {
    const view = viewOf({ width: 200, height: 100 });
    view.resize({ width: 248, height: 248 });
    expect(view.getState().viewport.scale).toBe(1);
    view.zoom(2);
    const { scale } = view.getState().viewport;
    view.resize({ width: 448, height: 448 });
    expect(view.getState().viewport.scale).toBe(scale);
  });

  it('keeps the image point under the pointer while zooming', () => {
    const view = viewOf({ width: 200, height: 100 });
    const at = { x: 100, y: 200 };
    const before = view.toImage(at);
    view.zoom(3, at);
    expect(view.toImage(at).x).toBeCloseTo(before.x);
    expect(view.toImage(at).y).toBeCloseTo(before.y);
  });

  it('keeps the same viewport object while only the pointer moves', () => {
    const view = viewOf({ width: 200, height: 100 });
    const { viewport } = view.getState();
    const heard = vi.fn();
    view.subscribe(heard);
    view.setPointer({ x: 1, y: 1 });
    expect(heard).toHaveBeenCalledOnce();
    expect(view.getState().viewport).toBe(viewport);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Xywh } from '../../geometry/box';
import type { InferenceStatus } from '../../inference/types';
import { View } from './view';
import { followZoom, hasDetail, type ZoomInference } from './zoomFocus';

const PLACE = { imageId: 7, imageSize: { width: 8000, height: 4000 }, inputSide: 1024 };

class FakeInference implements ZoomInference {
  readonly asked: (Xywh | null)[] = [];
  private readonly listeners = new Set<() => void>();
  private status = { imageId: 7, focus: null } as InferenceStatus;

  readonly getStatus = () => this.status;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  focus(crop: Xywh | null) {
    this.asked.push(crop);
    this.note({ focus: crop && { crop, state: 'ready' } });
  }
  note(change: Partial<InferenceStatus>) {
    this.status = { ...this.status, ...change };
    for (const listener of this.listeners) listener();
  }
}

describe('what the model is to look at', () => {
  let view: View;
  let inference: FakeInference;
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    view = new View();
    view.resize({ width: 848, height: 448 });
    view.showImage(PLACE.imageSize);
    inference = new FakeInference();
    stop = followZoom(view, inference, PLACE);
    vi.runAllTimers();
    inference.asked.length = 0;
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it('is asked for once the view has settled, not on the way', () => {
    for (let i = 0; i < 10; i += 1) {
      view.zoom(1.4, { x: 424, y: 224 });
      vi.advanceTimersByTime(100);
    }
    expect(inference.asked).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(inference.asked).toHaveLength(1);
    const [left = 0, top = 0, width = 0, height = 0] = inference.asked[0] ?? [];
    const { x0, y0, x1, y1 } = view.seen;
    expect([left <= x0, top <= y0, x1 <= left + width, y1 <= top + height]).toEqual([true, true, true, true]);
  });

  it('does not change while the pointer moves or the model works', () => {
    view.zoom(20);
    vi.runAllTimers();
    view.setPointer({ x: 1, y: 1 });
    inference.note({ lastDecodeMs: 5 });
    vi.runAllTimers();
    expect(inference.asked).toHaveLength(1);
  });

  it('stays while a small pan leaves what is seen inside it', () => {
    view.zoom(20);
    vi.runAllTimers();
    const [crop] = inference.asked;
    view.pan(-40, 0);
    vi.runAllTimers();
    expect(inference.asked.at(-1)).toEqual(crop);
    view.pan(-4000, 0);
    vi.runAllTimers();
    expect(inference.asked.at(-1)).not.toEqual(crop);
  });

  it('is the whole image from afar, and when nobody follows any more', () => {
    view.zoom(20);
    vi.runAllTimers();
    view.fit();
    vi.runAllTimers();
    expect(inference.asked.at(-1)).toBeNull();
    view.zoom(20);
    vi.runAllTimers();
    stop();
    expect(inference.asked.at(-1)).toBeNull();
    view.zoom(2);
    vi.runAllTimers();
    expect(inference.asked).toHaveLength(4);
  });

  it('waits for the image to be open', () => {
    inference.note({ imageId: 3 });
    view.zoom(20);
    vi.runAllTimers();
    expect(inference.asked).toEqual([]);
    inference.note({ imageId: 7 });
    vi.runAllTimers();
    expect(inference.asked).toHaveLength(1);
  });

  it('is nothing but the image where that has no more to show', () => {
    expect(hasDetail(PLACE)).toBe(true);
    expect(hasDetail({ ...PLACE, imageSize: { width: 1024, height: 800 } })).toBe(false);
    expect(hasDetail({ ...PLACE, imageSize: { width: 1024, height: 800 }, inputSide: 256 })).toBe(true);
  });
});

/**
 * Fingers on the canvas. One finger is the tool's, but not before it is clear what it means: a tap, a long press (leaves
 * out, as the right button does) or a drag. Two fingers zoom and move the image; tapped, two undo and three redo.
 */
import type { Editor } from '../../editor/editor';
import type { PointerInput } from '../../editor/model';
import type { Point } from '../../geometry/types';
import type { View } from './view';

/** Screen pixels that a finger may roll while it taps. */
const TOLERANCE = 10;
/** Milliseconds of a long press. */
export const LONG_PRESS = 500;
/** Milliseconds within which several fingers tap. */
const TAP = 350;

export interface TouchTargets {
  readonly view: View;
  readonly editor: () => Editor | null;
  /** Shows where a press is becoming a long one, canvas pixels; null: it is not any more. */
  readonly showPress: (at: Point | null) => void;
}

/** A finger at a moment: where it is, in canvas pixels, and what the editor would be told. */
export interface Finger {
  readonly id: number;
  readonly at: Point;
  /** Milliseconds. */
  readonly time: number;
  readonly input: PointerInput;
}

/** `undecided`: one finger that may yet tap, press long or drag. `done`: fingers that are only waited for. */
type Mode = 'rest' | 'undecided' | 'tool' | 'view' | 'done';

/** Where a finger came down, and where it is. */
interface Track {
  readonly start: Finger;
  readonly now: Finger;
}

export class Touch {
  private readonly tracks = new Map<number, Track>();
  private mode: Mode = 'rest';
  /** Since the first finger came down: when that was, how many there were at once, whether any was moved. */
  private begun = 0;
  private most = 0;
  private hasMoved = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly targets: TouchTargets) {}

  down(finger: Finger): void {
    this.tracks.set(finger.id, { start: finger, now: finger });
    this.most = Math.max(this.most, this.tracks.size);
    if (this.mode === 'rest') this.begin(finger);
    else this.takeFromTool();
  }

  move(finger: Finger): void {
    const track = this.tracks.get(finger.id);
    if (!track) return;
    this.hasMoved ||= distance(finger.at, track.start.at) > TOLERANCE;
    if (this.mode === 'undecided' && this.hasMoved) this.drag(track.start);
    if (this.mode === 'tool') this.targets.editor()?.pointerMove(finger.input);
    if (this.mode === 'view' && this.hasMoved) this.pinch(track.now.at, finger);
    this.tracks.set(finger.id, { start: track.start, now: finger });
  }

  up(finger: Finger): void {
    const track = this.tracks.get(finger.id);
    if (!track) return;
    this.tracks.delete(finger.id);
    if (this.mode === 'undecided') this.click(track.start.input);
    if (this.mode === 'tool') this.targets.editor()?.pointerUp(finger.input);
    if (this.tracks.size > 0) return;
    if (this.mode === 'view' && !this.hasMoved && finger.time - this.begun < TAP) this.tap();
    this.rest();
  }

  /** The system took the finger away. */
  cancel(id: number): void {
    if (!this.tracks.delete(id)) return;
    if (this.mode === 'tool') this.targets.editor()?.pointerCancel();
    if (this.tracks.size === 0) this.rest();
    else this.wait();
  }

  /** Ends what is under way without effect. */
  stop(): void {
    for (const id of [...this.tracks.keys()]) this.cancel(id);
  }

  private begin(finger: Finger): void {
    this.mode = 'undecided';
    this.begun = finger.time;
    this.targets.showPress(finger.at);
    this.timer = setTimeout(() => {
      this.wait();
      navigator.vibrate(10);
      this.click({ ...finger.input, button: 'secondary' });
    }, LONG_PRESS);
  }

  /** The drag begins where the finger came down, not where it was understood. */
  private drag(start: Finger): void {
    this.decide('tool');
    this.targets.editor()?.pointerDown(start.input);
  }

  /** A second finger: it was never meant for the tool. */
  private takeFromTool(): void {
    if (this.mode === 'tool') this.targets.editor()?.pointerCancel();
    if (this.mode !== 'done') this.decide('view');
  }

  private click(input: PointerInput): void {
    const editor = this.targets.editor();
    editor?.pointerDown(input);
    editor?.pointerUp(input);
  }

  private tap(): void {
    const editor = this.targets.editor();
    if (this.most === 2) editor?.undo();
    if (this.most === 3) editor?.redo();
  }

  /** Two fingers: their middle moves the image, their distance zooms. */
  private pinch(before: Point, { id, at }: Finger): void {
    const other = [...this.tracks].find(([otherId]) => otherId !== id)?.[1].now.at;
    if (!other) return;
    const { view } = this.targets;
    view.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    view.zoom(distance(at, other) / Math.max(1, distance(before, other)), middle);
  }

  private decide(mode: Mode): void {
    clearTimeout(this.timer);
    this.targets.showPress(null);
    this.mode = mode;
  }

  private wait(): void {
    this.decide('done');
  }

  private rest(): void {
    this.decide('rest');
    this.most = 0;
    this.hasMoved = false;
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

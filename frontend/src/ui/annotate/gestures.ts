/** Mouse, pen and touch on the canvas: pan and zoom for the view, everything else for the editor. */
import type { PointerInput } from '../../editor/model';
import type { Point } from '../../geometry/types';
import { PenGuard } from './penGuard';
import { pointerInput } from './pointerInput';
import { Touch, type TouchTargets } from './touch';

export type GestureTargets = TouchTargets;

const WHEEL_STEP = 0.0018;
/** A pinch on a trackpad arrives as small wheel steps with Control. */
const PINCH_STEP = 0.01;
const LINE_PX = 16;
const MIDDLE_BUTTON = 1;

/** Listens on the element until the returned function is called. */
export function listenForGestures(element: HTMLElement, targets: GestureTargets): () => void {
  const gestures = new Gestures(element, targets);
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
  ) => element.addEventListener(type, listener, { signal: stop.signal, passive: false });
  on('pointerdown', gestures.down);
  on('pointermove', gestures.move);
  on('pointerup', gestures.up);
  on('pointercancel', gestures.cancel);
  on('pointerleave', gestures.leave);
  on('wheel', gestures.wheel);
  on('contextmenu', (event) => event.preventDefault());
  addEventListener('keydown', gestures.key, { signal: stop.signal });
  addEventListener('keyup', gestures.key, { signal: stop.signal });
  addEventListener('blur', gestures.releaseSpace, { signal: stop.signal });
  return () => {
    gestures.stop();
    stop.abort();
  };
}

class Gestures {
  private readonly touch: Touch;
  private readonly guard = new PenGuard();
  /** The mouse or the pen that is down. */
  private pressed: number | null = null;
  private mode: 'rest' | 'edit' | 'pan' = 'rest';
  /** Canvas pixels, of the mouse or the pen. */
  private last: Point | null = null;
  private isSpaceHeld = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly targets: GestureTargets,
  ) {
    this.touch = new Touch(targets);
  }

  readonly down = (event: PointerEvent): void => {
    this.element.focus({ preventScroll: true });
    if (this.guard.isPalm(event)) return;
    this.element.setPointerCapture(event.pointerId);
    this.takeOver();
    if (event.pointerType === 'touch') this.touch.down(this.fingerOf(event));
    else if (this.pressed === null) this.press(event);
  };

  readonly move = (event: PointerEvent): void => {
    if (this.guard.isPalm(event)) this.touch.cancel(event.pointerId);
    else if (event.pointerType === 'touch') this.touch.move(this.fingerOf(event));
    else this.point(event);
  };

  readonly up = (event: PointerEvent): void => {
    if (this.guard.isPalm(event)) this.touch.cancel(event.pointerId);
    else if (event.pointerType === 'touch') this.touch.up(this.fingerOf(event));
    else this.release(event);
  };

  readonly cancel = (event: PointerEvent): void => {
    this.touch.cancel(event.pointerId);
    if (event.pointerId !== this.pressed) return;
    this.targets.editor()?.pointerCancel();
    this.rest();
  };

  readonly leave = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'touch') return;
    this.last = null;
    this.targets.view.setPointer(null);
    if (this.mode === 'rest') this.targets.editor()?.pointerLeave();
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
    const steps = -Math.sign(delta || event.deltaX); // With Shift a browser turns the wheel sideways.
    if ((event.altKey || event.shiftKey) && this.targets.editor()?.step(steps)) return;
    const step = event.ctrlKey ? PINCH_STEP : WHEEL_STEP;
    this.targets.view.zoom(Math.exp(-delta * step), this.at(event));
  };

  /** Space belongs to the crosshair of the keyboard while that is shown. */
  readonly key = (event: KeyboardEvent): void => {
    if (event.code !== 'Space') return;
    const onCanvas = event.target === this.element || event.target === document.body;
    const isFree = onCanvas && !this.targets.editor()?.crosshair.isShown;
    this.isSpaceHeld = event.type === 'keydown' && isFree;
    if (isFree) event.preventDefault();
    if (this.mode === 'rest') this.showCursor();
  };

  /** The key may come up while another window has the keyboard. */
  readonly releaseSpace = (): void => {
    this.isSpaceHeld = false;
    if (this.mode === 'rest') this.showCursor();
  };

  stop(): void {
    this.touch.stop();
  }

  private press(event: PointerEvent): void {
    this.touch.stop(); // The hand came down before the pen.
    this.pressed = event.pointerId;
    this.last = this.at(event);
    const isPan = event.button === MIDDLE_BUTTON || this.isSpaceHeld;
    this.mode = isPan ? 'pan' : 'edit';
    if (isPan) event.preventDefault();
    else this.targets.editor()?.pointerDown(this.input(event));
    this.showCursor();
  }

  private point(event: PointerEvent): void {
    const at = this.at(event);
    const { view, editor } = this.targets;
    const before = this.last;
    this.last = at;
    if (before?.x === at.x && before.y === at.y && this.mode !== 'edit') return; // The page moved, not the hand.
    this.takeOver();
    if (this.mode === 'pan' && before) view.pan(at.x - before.x, at.y - before.y);
    view.setPointer(view.toImage(at));
    if (this.mode === 'rest') editor()?.pointerMove(this.input(event));
    if (this.mode === 'edit') for (const each of everyMove(event)) editor()?.pointerMove(this.input(each));
  }

  private release(event: PointerEvent): void {
    if (event.pointerId !== this.pressed) return;
    if (this.mode === 'edit') this.targets.editor()?.pointerUp(this.input(event));
    this.rest();
  }

  /** From the crosshair of the keyboard. */
  private takeOver(): void {
    this.targets.editor()?.crosshair.hide();
  }

  private rest(): void {
    this.pressed = null;
    this.mode = 'rest';
    this.showCursor();
  }

  private showCursor(): void {
    const idle = this.isSpaceHeld ? 'grab' : '';
    this.element.style.cursor = this.mode === 'pan' ? 'grabbing' : idle;
  }

  private fingerOf(event: PointerEvent) {
    return { id: event.pointerId, at: this.at(event), time: event.timeStamp, input: this.input(event) };
  }

  private at({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  private input(event: PointerEvent): PointerInput {
    return pointerInput(event, this.at(event), this.targets.view);
  }
}

/** Where the hand was between two frames, too: a stroke is as round as it was drawn. */
function everyMove(event: PointerEvent): readonly PointerEvent[] {
  const moves = event.getCoalescedEvents();
  return moves.length > 0 ? moves : [event];
}

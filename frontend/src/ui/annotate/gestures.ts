/** Mouse, pen and touch on the canvas: pan and zoom for the view, everything else for the editor. */
import type { Editor } from '../../editor/editor';
import type { PointerInput } from '../../editor/model';
import type { Point } from '../../geometry/types';
import type { View } from './view';

export interface GestureTargets {
  readonly view: View;
  /** Null while no image is open. */
  readonly editor: () => Editor | null;
}

const WHEEL_STEP = 0.0018;
/** A pinch on a trackpad arrives as small wheel steps with Control. */
const PINCH_STEP = 0.01;
const LINE_PX = 16;
const MIDDLE_BUTTON = 1;
const SECONDARY_BUTTON = 2;

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
  return () => stop.abort();
}

class Gestures {
  /** Pointers that are down, in canvas pixels; two of them pinch. */
  private readonly pressed = new Map<number, Point>();
  private mode: 'rest' | 'edit' | 'pan' | 'pinch' = 'rest';
  private isSpaceHeld = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly targets: GestureTargets,
  ) {}

  readonly down = (event: PointerEvent): void => {
    this.element.focus({ preventScroll: true });
    this.element.setPointerCapture(event.pointerId);
    this.pressed.set(event.pointerId, this.at(event));
    if (this.pressed.size === 2) this.startPinch();
    else if (event.button === MIDDLE_BUTTON || this.isSpaceHeld) this.startPan(event);
    else if (this.pressed.size === 1) this.startEdit(event);
  };

  readonly move = (event: PointerEvent): void => {
    const { view, editor } = this.targets;
    const at = this.at(event);
    if (this.mode === 'pinch') this.pinch(event.pointerId, at);
    if (this.mode === 'pan') this.pan(event.pointerId, at);
    if (this.pressed.has(event.pointerId)) this.pressed.set(event.pointerId, at);
    view.setPointer(view.toImage(at));
    if (this.mode === 'rest' || this.mode === 'edit') editor()?.pointerMove(this.input(event));
  };

  readonly up = (event: PointerEvent): void => {
    this.pressed.delete(event.pointerId);
    if (this.mode === 'edit') this.targets.editor()?.pointerUp(this.input(event));
    if (this.pressed.size === 0) this.rest();
  };

  readonly cancel = (event: PointerEvent): void => {
    this.pressed.delete(event.pointerId);
    this.targets.editor()?.pointerCancel();
    if (this.pressed.size === 0) this.rest();
  };

  readonly leave = (): void => {
    this.targets.view.setPointer(null);
    if (this.mode === 'rest') this.targets.editor()?.pointerLeave();
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // With Shift a browser turns the wheel sideways.
    const turned = event.deltaY || event.deltaX;
    if ((event.altKey || event.shiftKey) && this.targets.editor()?.step(-Math.sign(turned))) return;
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_PX : event.deltaY;
    this.targets.view.zoom(Math.exp(-delta * (event.ctrlKey ? PINCH_STEP : WHEEL_STEP)), this.at(event));
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.code !== 'Space') return;
    const onCanvas = event.target === this.element || event.target === document.body;
    this.isSpaceHeld = event.type === 'keydown' && onCanvas;
    if (onCanvas) event.preventDefault();
    if (this.mode === 'rest') this.element.style.cursor = this.isSpaceHeld ? 'grab' : '';
  };

  /** The key may come up while another window has the keyboard. */
  readonly releaseSpace = (): void => {
    this.isSpaceHeld = false;
    if (this.mode === 'rest') this.element.style.cursor = '';
  };

  private startEdit(event: PointerEvent): void {
    this.mode = 'edit';
    this.targets.editor()?.pointerDown(this.input(event));
  }

  private startPan(event: PointerEvent): void {
    event.preventDefault();
    this.mode = 'pan';
    this.element.style.cursor = 'grabbing';
  }

  private startPinch(): void {
    this.mode = 'pinch';
    this.targets.editor()?.pointerCancel();
  }

  private rest(): void {
    this.mode = 'rest';
    this.element.style.cursor = this.isSpaceHeld ? 'grab' : '';
  }

  private pan(pointerId: number, at: Point): void {
    const before = this.pressed.get(pointerId);
    if (before) this.targets.view.pan(at.x - before.x, at.y - before.y);
  }

  /** Two fingers: their middle pans, their distance zooms. */
  private pinch(pointerId: number, at: Point): void {
    const before = this.pressed.get(pointerId);
    const [, other] = [...this.pressed].find(([id]) => id !== pointerId) ?? [];
    if (!before || !other) return;
    const { view } = this.targets;
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    view.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
    view.zoom(distance(at, other) / Math.max(1, distance(before, other)), middle);
  }

  private at({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  private input(event: PointerEvent): PointerInput {
    const { view } = this.targets;
    const secondary = event.button === SECONDARY_BUTTON || (event.buttons & 2) !== 0;
    return {
      ...view.toImage(this.at(event)),
      button: secondary ? 'secondary' : 'primary',
      device: deviceOf(event),
      pressure: event.pointerType === 'pen' ? event.pressure : 0.5,
      alt: event.altKey,
      shift: event.shiftKey,
      mod: event.ctrlKey || event.metaKey,
      scale: view.getState().viewport.scale,
    };
  }
}

/** What says nothing of itself is a mouse. */
function deviceOf({ pointerType }: PointerEvent): PointerInput['device'] {
  return pointerType === 'pen' || pointerType === 'touch' ? pointerType : 'mouse';
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

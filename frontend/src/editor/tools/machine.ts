import type { PointerInput } from '../model';
import type { Next, Tool, ToolContext, ToolState } from './tool';

type PointerEvent = 'pointerMove' | 'pointerDown' | 'pointerUp';

/** Runs the tool in hand. */
export class ToolMachine {
  private current: ToolState;

  constructor(
    readonly tool: Tool,
    context: ToolContext,
  ) {
    this.current = tool.start(context);
  }

  get state(): ToolState {
    return this.current;
  }

  dispatch(event: PointerEvent, input: PointerInput): void {
    this.enter(this.current[event]?.(input));
  }

  pointerLeave(): void {
    this.enter(this.current.pointerLeave?.());
  }

  /** The pointer is gone, which ends most gestures. */
  pointerLost(): void {
    if (this.current.pointerLost) this.enter(this.current.pointerLost());
    else this.cancel();
  }

  /** Ends a gesture as wanted; false when there was none that needs it. */
  complete(): boolean {
    const next = this.current.complete?.();
    this.enter(next);
    return next !== undefined;
  }

  /** Takes back the last piece of a gesture, or what the tool points at; false when there was nothing. */
  remove(): boolean {
    const next = this.current.remove?.();
    this.enter(next);
    return next !== undefined;
  }

  get isInGesture(): boolean {
    return this.current.cancel !== undefined;
  }

  /** Undo in the middle of a gesture: its last piece, or all of it. False when there is none. */
  undo(): boolean {
    return this.isInGesture && (this.remove() || this.cancel());
  }

  /** Ends a gesture; false when there was none. */
  cancel(): boolean {
    const next = this.current.cancel?.();
    this.enter(next);
    return next !== undefined;
  }

  private enter(next: Next): void {
    if (next) this.current = next;
  }
}

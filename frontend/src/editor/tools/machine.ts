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

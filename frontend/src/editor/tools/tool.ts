/**
 * A tool is a small state machine. A state answers an event with the next state, or with nothing to stay. What a state
 * may do to the editor is the `ToolContext`, and nothing else.
 */
import type { Box, Point } from '../../geometry/types';
import type { PointerInput } from '../model';
import type { Prompt } from '../../geometry/decoding';

export interface ToolContext {
  addPrompt(prompt: Prompt): void;
  /** Clears the mask in the making. */
  clearPrompts(): void;
  /** Shows the mask that a click here would give, while there is no prompt yet; null shows none. */
  preview(point: Point | null): void;
  isInImage(point: Point): boolean;
  /** The part of a box that lies in the image; null when nothing does. */
  insideImage(box: Box): Box | null;
  /** The smallest annotation under the point. */
  annotationAt(point: Point): string | null;
  highlight(id: string | null): void;
  select(id: string | null): void;
}

/** The next state; nothing means: stay. */
export type Next = ToolState | undefined;

export interface ToolState {
  readonly name: string;
  /** The box that is being dragged. */
  readonly dragBox?: Box | null;
  pointerMove?(input: PointerInput): Next;
  pointerDown?(input: PointerInput): Next;
  pointerUp?(input: PointerInput): Next;
  pointerLeave?(): Next;
  /** Of every state that holds a gesture: ends it without effect. */
  cancel?(): ToolState;
  /** Of the state of rest: what Escape clears. */
  clear?(): void;
}

export interface Tool {
  readonly id: string;
  readonly title: string;
  /** Key chords that choose the tool. */
  readonly keys: readonly string[];
  /** The state of rest. */
  start(context: ToolContext): ToolState;
}

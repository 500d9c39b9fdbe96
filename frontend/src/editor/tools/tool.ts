/**
 * A tool is a small state machine. A state answers an event with the next state, or with nothing to stay; every state
 * that holds a gesture has a `cancel`. What a state may do to the editor is the `ToolContext`, and nothing else.
 */
import type { Box, Point } from '../../geometry/types';
import type { PointerInput } from '../model';
import type { Prompt } from '../ports';

export interface ToolContext {
  /** True while the mask in the making has prompts. */
  readonly hasPrompts: () => boolean;
  readonly addPrompt: (prompt: Prompt) => void;
  /** Clears the mask in the making; false when there was none. */
  readonly clearPrompts: () => boolean;
  /** Shows the mask that a click here would give; null shows none. */
  readonly preview: (point: Point | null) => void;
  /** The part of a box that lies in the image; null when nothing does. */
  readonly insideImage: (box: Box) => Box | null;
  readonly isInImage: (point: Point) => boolean;
  /** The smallest annotation under the point. */
  readonly annotationAt: (point: Point) => string | null;
  readonly hover: (id: string | null) => void;
  /** False when nothing was selected and nothing is. */
  readonly select: (id: string | null) => boolean;
}

/** The next state; nothing means: stay. */
export type Next = ToolState | undefined;

export interface ToolState {
  readonly name: string;
  readonly dragBox?: Box;
  pointerMove?(input: PointerInput): Next;
  pointerDown?(input: PointerInput): Next;
  pointerUp?(input: PointerInput): Next;
  pointerLeave?(): Next;
  /** Ends the gesture without effect, or, at rest, clears what the tool shows. */
  cancel?(): Next;
}

export interface Tool {
  readonly id: string;
  readonly title: string;
  /** Key chords that choose the tool. */
  readonly keys: readonly string[];
  /** The state of rest. */
  start(context: ToolContext): ToolState;
}

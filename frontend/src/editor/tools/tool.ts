/**
 * A tool is a small state machine. A state answers an event with the next state, or with nothing to stay. What a state
 * may do to the editor is the `ToolContext`, and nothing else.
 */
import type { Box, Point, Size } from '../../geometry/types';
import type { Message } from '../../i18n/message';
import type { Editing } from '../editing';
import type { PointerInput, ToolDraft } from '../model';
import type { Objects } from '../objects';
import type { Outlines } from '../outlines';
import type { Prompting } from '../prompting';

export interface ToolContext {
  readonly prompting: Pick<
    Prompting,
    'settings' | 'addPrompt' | 'addObject' | 'takeObjectAt' | 'walk' | 'clear' | 'preview'
  >;
  readonly objects: Pick<Objects, 'at' | 'hover' | 'select' | 'toggle'>;
  readonly editing: Pick<Editing, 'settings' | 'change' | 'beginNew' | 'letGo' | 'resizeBrush'>;
  readonly outlines: Pick<Outlines, 'current' | 'show' | 'reshape'>;
  readonly imageSize: Size;
  /** Milliseconds of the clock of the history. */
  readonly now: () => number;
  /** Takes an accepted mask up again, with the prompt tool in hand. */
  refine(id: string): void;
  isInImage(point: Point): boolean;
  /** The part of a box that lies in the image; null when nothing does. */
  insideImage(box: Box): Box | null;
}

/** The next state; nothing means: stay. */
export type Next = ToolState | undefined;

export interface ToolState {
  readonly name: string;
  /** What the gesture draws. */
  readonly draft?: ToolDraft | null;
  pointerMove?(input: PointerInput): Next;
  pointerDown?(input: PointerInput): Next;
  pointerUp?(input: PointerInput): Next;
  pointerLeave?(): Next;
  /** The pointer was taken away, for a pinch or by the system; without it, that cancels the gesture. */
  pointerLost?(): Next;
  /** The wheel with a modifier, or the keys for more and less; above 0 is more. False: there is nothing to step. */
  step?(by: number): boolean;
  /** Enter: ends a gesture that goes on from press to press. Nothing: there is none. */
  complete?(): Next;
  /** Backspace: takes back the last piece of the gesture, or what the tool points at. Nothing: there is nothing. */
  remove?(): Next;
  /** Of every state that holds a gesture: ends it without effect. */
  cancel?(): ToolState;
  /** Of the state of rest: what Escape clears. */
  clear?(): void;
}

export interface Tool {
  readonly id: string;
  readonly title: Message;
  /** Key chords that choose the tool. */
  readonly keys: readonly string[];
  /** Whether the mask in the making stays when the tool is taken in hand, because the tool works on it. */
  readonly keepsMaking: boolean;
  /** The same of the selection. */
  readonly keepsSelection: boolean;
  /** Whether it is a brush: its tip is shown under the pointer. */
  readonly hasTip?: boolean;
  /** The state of rest. */
  start(context: ToolContext): ToolState;
}

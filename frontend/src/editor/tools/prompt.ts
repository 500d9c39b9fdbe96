import { boxFromCorners } from '../../geometry/box';
import type { PointerInput } from '../model';
import type { Tool, ToolContext, ToolState } from './tool';

/** Screen pixels that the pointer may move before a press is a drag. */
const DRAG_THRESHOLD = 4;

function isNegative(input: PointerInput): boolean {
  return input.button === 'secondary' || input.alt || input.shift;
}

function isDrag(press: PointerInput, input: PointerInput): boolean {
  const moved = Math.hypot(input.x - press.x, input.y - press.y) * input.scale;
  return !isNegative(press) && moved >= DRAG_THRESHOLD;
}

/** Nothing pressed: the mask of a lone click follows the pointer, as long as there is no prompt. */
function idle(context: ToolContext): ToolState {
  return {
    name: 'idle',
    pointerMove(input) {
      context.prompting.preview(context.isInImage(input) ? input : null);
      return undefined;
    },
    pointerDown: (input) => pressing(context, input),
    pointerLeave() {
      context.prompting.preview(null);
      return undefined;
    },
    clear: () => context.prompting.clear(),
  };
}

/** Pressed, not yet moved: a click when released, taken where it was pressed. */
function pressing(context: ToolContext, press: PointerInput): ToolState {
  return {
    name: 'pressing',
    pointerMove: (input) => (isDrag(press, input) ? dragging(context, press, input) : undefined),
    pointerUp() {
      const { x, y } = press;
      const label = isNegative(press) ? 0 : 1;
      if (context.isInImage(press)) context.prompting.addPrompt({ kind: 'point', x, y, label });
      return idle(context);
    },
    cancel: () => idle(context),
  };
}

/** A box grows from where the pointer was pressed. */
function dragging(context: ToolContext, press: PointerInput, input: PointerInput): ToolState {
  const box = context.insideImage(boxFromCorners(press, input));
  return {
    name: 'dragging',
    draft: box && { kind: 'box', box },
    pointerMove: (next) => dragging(context, press, next),
    pointerUp(release) {
      const box = context.insideImage(boxFromCorners(press, release));
      if (box) context.prompting.addPrompt({ kind: 'box', box });
      return idle(context);
    },
    cancel: () => idle(context),
  };
}

/** Click takes, right click (or Alt, or Shift) leaves out, drag draws a box. */
export const promptTool: Tool = {
  id: 'prompt',
  title: { key: 'commands:toolPrompt' },
  keys: ['s'],
  keepsMaking: true,
  keepsSelection: false,
  start: idle,
};

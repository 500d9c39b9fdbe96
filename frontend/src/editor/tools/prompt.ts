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
    step: (by) => context.prompting.walk(by > 0 ? -1 : 1),
    clear: () => context.prompting.clear(),
  };
}

/** Pressed, not yet moved: a click when released, taken where it was pressed. */
function pressing(context: ToolContext, press: PointerInput): ToolState {
  return {
    name: 'pressing',
    pointerMove: (input) => (isDrag(press, input) ? dragging(context, press, input) : undefined),
    pointerUp() {
      if (context.isInImage(press)) point(context, press);
      return idle(context);
    },
    cancel: () => idle(context),
  };
}

/** With Mod: for another object, or the one in the making that is there is taken in hand. */
function point({ prompting }: ToolContext, press: PointerInput): void {
  const { x, y } = press;
  const prompt = { kind: 'point', x, y, label: isNegative(press) ? 0 : 1 } as const;
  if (!press.mod) prompting.addPrompt(prompt);
  else if (!prompting.takeObjectAt(press)) prompting.addObject(prompt);
}

/** A box grows from where the pointer was pressed. */
function dragging(context: ToolContext, press: PointerInput, input: PointerInput): ToolState {
  const box = context.insideImage(boxFromCorners(press, input));
  const isAnother = press.mod || context.prompting.settings.boxEach;
  return {
    name: 'dragging',
    draft: box && { kind: 'box', box },
    pointerMove: (next) => dragging(context, press, next),
    pointerUp(release) {
      const box = context.insideImage(boxFromCorners(press, release));
      if (box && isAnother) context.prompting.addObject({ kind: 'box', box });
      else if (box) context.prompting.addPrompt({ kind: 'box', box });
      return idle(context);
    },
    cancel: () => idle(context),
  };
}

/**
 * Click takes, right click (or Alt, or Shift) leaves out, drag draws a box. With Mod both begin another object, to be accepted
 * with the others; a click on the mask of one takes that one in hand.
 */
export const promptTool: Tool = {
  id: 'prompt',
  title: { key: 'commands:toolPrompt' },
  keys: ['s'],
  keepsMaking: true,
  keepsSelection: false,
  start: idle,
};

import type { PointerInput } from '../model';
import { isDoubleClick, type Press } from './doubleClick';
import type { Tool, ToolContext, ToolState } from './tool';

/** `last`: the press before, which the next one may make a double click. */
function idle(context: ToolContext, last: Press | null = null): ToolState {
  return {
    name: 'idle',
    pointerMove(input) {
      context.objects.hover(context.objects.at(input));
      return undefined;
    },
    pointerDown(input) {
      const at = context.now();
      const id = context.objects.at(input);
      if (id !== null && isDoubleClick(input, at, last)) context.refine(id);
      else press(context, id, input);
      return idle(context, { x: input.x, y: input.y, at });
    },
    pointerLeave() {
      context.objects.hover(null);
      return undefined;
    },
    clear: () => context.objects.select([]),
  };
}

function press({ objects }: ToolContext, id: string | null, { shift }: PointerInput): void {
  if (id !== null && shift) objects.toggle(id);
  else objects.select(id === null ? [] : [id]);
}

/**
 * Points at accepted masks: the smallest one under the pointer is highlighted, a press selects it, with Shift one more; a
 * double click takes it up again, to be corrected.
 */
export const selectTool: Tool = {
  id: 'select',
  title: { key: 'commands:toolSelect' },
  keys: ['v'],
  keepsMaking: false,
  keepsSelection: true,
  start: idle,
};

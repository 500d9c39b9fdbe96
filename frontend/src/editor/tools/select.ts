import type { Tool, ToolContext, ToolState } from './tool';

function idle(context: ToolContext): ToolState {
  return {
    name: 'idle',
    pointerMove(input) {
      context.objects.hover(context.objects.at(input));
      return undefined;
    },
    pointerDown(input) {
      const id = context.objects.at(input);
      if (id !== null && input.shift) context.objects.toggle(id);
      else context.objects.select(id === null ? [] : [id]);
      return undefined;
    },
    pointerLeave() {
      context.objects.hover(null);
      return undefined;
    },
    clear: () => context.objects.select([]),
  };
}

/** Points at accepted masks: the smallest one under the pointer is highlighted, a press selects it, with Shift one more. */
export const selectTool: Tool = {
  id: 'select',
  title: { key: 'commands:toolSelect' },
  keys: ['v'],
  keepsMaking: false,
  keepsSelection: true,
  start: idle,
};

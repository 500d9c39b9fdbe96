import type { Tool, ToolContext, ToolState } from './tool';

function idle(context: ToolContext): ToolState {
  return {
    name: 'idle',
    pointerMove(input) {
      context.highlight(context.annotationAt(input));
      return undefined;
    },
    pointerDown(input) {
      context.select(context.annotationAt(input));
      return undefined;
    },
    pointerLeave() {
      context.highlight(null);
      return undefined;
    },
    clear: () => context.select(null),
  };
}

/** Points at accepted masks: the smallest one under the pointer is highlighted, a press selects it. */
export const selectTool: Tool = { id: 'select', title: 'Select', keys: ['v'], start: idle };

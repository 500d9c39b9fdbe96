import type { Ring } from '../../geometry/rings';
import { applyRing, operationOf, ringDraft, type RingGesture, screenDistance } from './operations';
import type { Tool, ToolContext, ToolState } from './tool';

/** Screen pixels between two points of the path. */
const SPACING = 1.5;

function idle(context: ToolContext): ToolState {
  return {
    name: 'idle',
    pointerDown(input) {
      const operation = operationOf(input, context.editing.settings.operation);
      const gesture = { kind: 'lasso', operation, startedAt: context.now() } as const;
      return drawing(context, gesture, [{ x: input.x, y: input.y }]);
    },
    clear: () => context.editing.letGo(),
  };
}

/** The path follows the pointer; its end is joined to its start on release. */
function drawing(context: ToolContext, gesture: RingGesture, path: Ring): ToolState {
  const end = () => {
    if (path.length > 2) applyRing(context, gesture, path);
    return idle(context);
  };
  return {
    name: 'drawing',
    draft: ringDraft(gesture.operation, path, false),
    pointerMove(input) {
      const last = path.at(-1);
      if (last && screenDistance(input, last) < SPACING) return undefined;
      return drawing(context, gesture, [...path, { x: input.x, y: input.y }]);
    },
    pointerUp: end,
    complete: end,
    cancel: () => idle(context),
  };
}

/** Drag around what is to be taken, or left out. */
export const lassoTool: Tool = {
  id: 'lasso',
  title: { key: 'commands:toolLasso' },
  keys: ['l'],
  keepsMaking: true,
  keepsSelection: true,
  start: idle,
};

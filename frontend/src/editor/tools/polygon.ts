import type { Ring } from '../../geometry/rings';
import type { Point } from '../../geometry/types';
import type { PointerInput } from '../model';
import { applyRing, operationOf, ringDraft, type RingGesture, screenDistance } from './operations';
import type { Tool, ToolContext, ToolState } from './tool';

/** Screen pixels within which a press means a vertex that is there. */
const REACH = 8;

function idle(context: ToolContext): ToolState {
  return {
    name: 'idle',
    pointerDown(input) {
      const operation = operationOf(input, context.editing.settings.operation);
      const gesture = { kind: 'polygon', operation, startedAt: context.now() } as const;
      return placing(context, gesture, [], input);
    },
    clear: () => context.editing.letGo(),
  };
}

/** Between presses: an edge follows the pointer. */
function drawing(
  context: ToolContext,
  gesture: RingGesture,
  vertices: Ring,
  pointer: Point | null,
): ToolState {
  return {
    name: 'drawing',
    draft: ringDraft(gesture.operation, pointer ? [...vertices, pointOf(pointer)] : vertices, false, true),
    pointerMove: (input) => drawing(context, gesture, vertices, input),
    pointerDown: (input) => placing(context, gesture, vertices, input),
    pointerLeave: () => drawing(context, gesture, vertices, null),
    pointerLost: () => undefined,
    complete: () => closed(context, gesture, vertices),
    remove: () => withoutLast(context, gesture, vertices, pointer),
    cancel: () => idle(context),
  };
}

/** Pressed: the vertex stays where the pointer is released, or ends the polygon where one is already. */
function placing(context: ToolContext, gesture: RingGesture, vertices: Ring, at: PointerInput): ToolState {
  return {
    name: 'placing',
    draft: ringDraft(gesture.operation, [...vertices, pointOf(at)], false, true),
    pointerMove: (input) => placing(context, gesture, vertices, input),
    pointerUp(input) {
      if (isEnd(vertices, input)) return closed(context, gesture, vertices);
      return drawing(context, gesture, [...vertices, pointOf(input)], input);
    },
    pointerLost: () => (vertices.length > 0 ? drawing(context, gesture, vertices, null) : idle(context)),
    cancel: () => idle(context),
  };
}

function withoutLast(
  context: ToolContext,
  gesture: RingGesture,
  vertices: Ring,
  pointer: Point | null,
): ToolState {
  return vertices.length > 1 ? drawing(context, gesture, vertices.slice(0, -1), pointer) : idle(context);
}

/** Fewer than three vertices hold no area: the polygon goes. */
function closed(context: ToolContext, gesture: RingGesture, vertices: Ring): ToolState {
  if (vertices.length > 2) applyRing(context, gesture, vertices);
  return idle(context);
}

/** On the first vertex, or once more on the last one, as a double click does. */
function isEnd(vertices: Ring, input: PointerInput): boolean {
  return [vertices[0], vertices.at(-1)].some((vertex, i) => {
    const isLast = i === 1;
    const enough = isLast ? vertices.length > 0 : vertices.length > 2;
    return vertex !== undefined && enough && screenDistance(input, vertex) <= (isLast ? REACH / 2 : REACH);
  });
}

const pointOf = ({ x, y }: Point): Point => ({ x, y });

/** Click places vertices; the first one, a double click or Enter closes; Backspace takes the last vertex back. */
export const polygonTool: Tool = {
  id: 'polygon',
  title: { key: 'commands:toolPolygon' },
  keys: ['p'],
  keepsMaking: true,
  keepsSelection: true,
  start: idle,
};

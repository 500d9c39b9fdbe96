import type { PointerInput, ToolDraft } from '../model';
import {
  edgeAt,
  insertVertex,
  moveVertex,
  type Outline,
  removeVertex,
  vertexAt,
  type VertexPlace,
} from '../outline';
import { isDoubleClick, type Press } from './doubleClick';
import { screenDistance } from './operations';
import type { Tool, ToolContext, ToolState } from './tool';

/** Screen pixels within which the pointer means a vertex or an edge. */
const REACH = 8;
/** Screen pixels that the pointer may move before a press is a drag. */
const DRAG_THRESHOLD = 3;

/** Nothing pressed: the vertex under the pointer is lit, or the one that was changed last. */
function idle(context: ToolContext, active: VertexPlace | null = null, last: Press | null = null): ToolState {
  const { outlines, objects } = context;
  return {
    name: 'idle',
    get draft() {
      return outlines.current && draftOf(outlines.current, active);
    },
    pointerMove(input) {
      objects.hover(outlines.current ? null : objects.at(input));
      const vertex = vertexUnder(outlines.current, input);
      return isSame(vertex, active) ? undefined : idle(context, vertex, last);
    },
    pointerDown(input) {
      const outline = outlines.current;
      const vertex = vertexUnder(outline, input);
      if (outline && vertex && input.button === 'secondary') return removed(context, outline, vertex);
      if (outline && vertex) return pressing(context, outline, vertex, input);
      return pressedBeside(context, outline, input, last);
    },
    remove() {
      const outline = outlines.current;
      return outline && active ? removed(context, outline, active) : undefined;
    },
    clear: () => context.editing.letGo(),
  };
}

/** The second press of a double click on an edge inserts a vertex; a press beside the polygon takes another mask. */
function pressedBeside(
  context: ToolContext,
  outline: Outline | null,
  input: PointerInput,
  last: Press | null,
): ToolState {
  const edge = outline && edgeAt(outline, input, REACH / input.scale);
  const press = { x: input.x, y: input.y, at: context.now() };
  if (outline && edge && isDoubleClick(input, press.at, last)) {
    context.outlines.show(insertVertex(outline, edge, input));
    return idle(context, { ring: edge.ring, index: edge.index + 1 });
  }
  if (!edge) selectUnder(context, input);
  return idle(context, null, press);
}

function selectUnder({ objects }: ToolContext, input: PointerInput): void {
  const id = objects.at(input);
  if (id !== null) objects.select([id]);
}

/** On a vertex, not moved yet: it stays the active one, for Delete. */
function pressing(
  context: ToolContext,
  outline: Outline,
  vertex: VertexPlace,
  press: PointerInput,
): ToolState {
  const startedAt = context.now();
  return {
    name: 'pressing',
    draft: draftOf(outline, vertex),
    pointerMove(input) {
      if (screenDistance(input, press) < DRAG_THRESHOLD) return undefined;
      return dragging(context, outline, vertex, { input, startedAt });
    },
    pointerUp: () => idle(context, vertex),
    cancel: () => idle(context),
  };
}

/** The polygon follows; the mask changes once, on release. */
function dragging(
  context: ToolContext,
  outline: Outline,
  vertex: VertexPlace,
  { input, startedAt }: { readonly input: PointerInput; readonly startedAt: number },
): ToolState {
  const moved = moveVertex(outline, vertex, input);
  return {
    name: 'dragging',
    draft: draftOf(moved, vertex),
    pointerMove: (next) => dragging(context, outline, vertex, { input: next, startedAt }),
    pointerUp(release) {
      context.outlines.reshape(moveVertex(outline, vertex, release), startedAt);
      return idle(context, vertex);
    },
    cancel: () => idle(context),
  };
}

function removed(context: ToolContext, outline: Outline, vertex: VertexPlace): ToolState {
  context.outlines.reshape(removeVertex(outline, vertex));
  return idle(context);
}

function vertexUnder(outline: Outline | null, input: PointerInput): VertexPlace | null {
  return outline && vertexAt(outline, input, REACH / input.scale);
}

function isSame(a: VertexPlace | null, b: VertexPlace | null): boolean {
  return a?.ring === b?.ring && a?.index === b?.index;
}

function draftOf({ shown: rings }: Outline, activeVertex: VertexPlace | null): ToolDraft {
  return {
    kind: 'rings',
    rings,
    isClosed: true,
    showsVertices: true,
    activeVertex,
    operation: 'replace',
  };
}

/** Drags the vertices of a mask's polygon; a double click on an edge adds one, Delete or the right button removes it. */
export const verticesTool: Tool = {
  id: 'vertices',
  title: { key: 'commands:toolVertices' },
  keys: ['n'],
  keepsMaking: true,
  keepsSelection: true,
  start: (context) => idle(context),
};

import { combine } from '../../geometry/runs';
import { type Dab, strokeToRuns } from '../../geometry/stroke';
import type { Message } from '../../i18n/message';
import type { PointerInput } from '../model';
import type { Tool, ToolContext, ToolState } from './tool';

type Kind = 'brush' | 'eraser';

/** A pen that hardly touches still leaves a trace; of the full radius. */
const LEAST_PRESSURE = 0.1;
/** Image pixels that the pointer must move for a new dab. */
const SPACING = 0.25;

/** What a stroke keeps from its press to its end. */
interface Stroke {
  readonly kind: Kind;
  readonly startedAt: number;
}

/** Nothing pressed. `last`: where the stroke before ended, for a straight line from there. */
function idle(context: ToolContext, kind: Kind, last: Dab | null): ToolState {
  return {
    name: 'idle',
    pointerDown(input) {
      const stroke = { kind: isSwapped(input) ? OTHER[kind] : kind, startedAt: context.now() };
      const dab = dabOf(context, input);
      const dabs = input.shift && last ? [last, dab] : [dab];
      return painting(context, stroke, dabs, (end) => idle(context, kind, end ?? last));
    },
    step(by) {
      context.editing.resizeBrush(by);
      return true;
    },
    clear: () => context.editing.letGo(),
  };
}

/** A stroke grows; the mask changes once, when it ends. */
function painting(
  context: ToolContext,
  stroke: Stroke,
  dabs: readonly Dab[],
  rest: (last: Dab | null) => ToolState,
): ToolState {
  const draft = { kind: 'stroke', dabs, operation: OPERATIONS[stroke.kind] } as const;
  const end = () => {
    const set = stroke.kind === 'brush' ? 'union' : 'difference';
    const { imageSize, editing } = context;
    editing.change({
      ...stroke,
      apply: (before) => combine(before, strokeToRuns(dabs, imageSize), set),
      draft,
    });
    return rest(dabs.at(-1) ?? null);
  };
  return {
    name: 'painting',
    draft,
    pointerMove(input) {
      const dab = dabOf(context, input);
      return isNear(dab, dabs.at(-1)) ? undefined : painting(context, stroke, [...dabs, dab], rest);
    },
    // A pen that is lifted has no pressure any more: the end is where it moved last.
    pointerUp: end,
    complete: end,
    cancel: () => rest(null),
  };
}

const OTHER = { brush: 'eraser', eraser: 'brush' } as const;
const OPERATIONS = { brush: 'add', eraser: 'subtract' } as const;

const isSwapped = ({ button, alt }: PointerInput): boolean => button === 'secondary' || alt;

function dabOf({ editing }: ToolContext, { x, y, device, pressure }: PointerInput): Dab {
  const share = device === 'pen' ? Math.max(LEAST_PRESSURE, pressure) : 1;
  return { x, y, radius: (editing.settings.brushSize / 2) * share };
}

function isNear(dab: Dab, last: Dab | undefined): boolean {
  if (!last) return false;
  return Math.hypot(dab.x - last.x, dab.y - last.y) + Math.abs(dab.radius - last.radius) < SPACING;
}

function paintTool(id: Kind, title: Message, keys: readonly string[]): Tool {
  return {
    id,
    title,
    keys,
    keepsMaking: true,
    keepsSelection: true,
    hasTip: true,
    start: (context) => idle(context, id, null),
  };
}

/** Drag paints; the right button or Alt erases; a press with Shift draws a straight line from the stroke before. */
export const brushTool = paintTool('brush', { key: 'commands:toolBrush' }, ['b']);

/** The brush the other way round. */
export const eraserTool = paintTool('eraser', { key: 'commands:toolEraser' }, ['x']);

import type { History } from './history';
import type { Hover } from './hover';
import type {
  AcceptingView,
  Annotation,
  Category,
  EditorSnapshot,
  MakingView,
  ModelState,
  ToolView,
} from './model';
import type { Session } from './session';
import { keepEqual } from './stable';
import { statusOf } from './status';
import type { ToolMachine } from './tools/machine';

export interface Parts {
  readonly annotations: readonly Annotation[];
  readonly categories: readonly Category[];
  readonly categoryId: number | null;
  readonly selectedId: string | null;
  readonly hoveredId: string | null;
  readonly modelState: ModelState;
  readonly history: History;
  readonly session: Session;
  readonly hover: Hover;
  readonly machine: ToolMachine;
}

function toolView({ tool, state }: ToolMachine): ToolView {
  return { id: tool.id, title: tool.title, state: state.name, dragBox: state.dragBox ?? null };
}

function makingView(previous: MakingView | null, session: Session): MakingView | null {
  const view = session.making.view();
  return view && keepEqual(previous, view);
}

function acceptingViews(previous: readonly AcceptingView[], session: Session): readonly AcceptingView[] {
  const views = session.accepting().map((view, i) => keepEqual(previous[i] ?? null, view));
  return keepEqual(previous, views);
}

/** An annotation that is gone is neither selected nor highlighted; it is again when undo brings it back. */
function present(id: string | null, annotations: readonly Annotation[]): string | null {
  return annotations.some((annotation) => annotation.id === id) ? id : null;
}

/** Everything there is to see. Returns `previous` itself, or its parts, where nothing changed. */
export function composeSnapshot(previous: EditorSnapshot | null, parts: Parts): EditorSnapshot {
  const { annotations, categories, categoryId, history, session, hover } = parts;
  const making = makingView(previous?.making ?? null, session);
  return keepEqual(previous, {
    annotations,
    categories,
    categoryId,
    selectedId: present(parts.selectedId, annotations),
    hoveredId: present(parts.hoveredId, annotations),
    tool: keepEqual(previous?.tool ?? null, toolView(parts.machine)),
    making,
    accepting: acceptingViews(previous?.accepting ?? [], session),
    preview: making ? null : hover.view,
    takesPoints: session.model.takesPoints,
    status: keepEqual(previous?.status ?? null, statusOf(parts.modelState, session, hover.failure)),
    canUndo: session.canUndo || history.canUndo,
    canRedo: session.making.canRedo || history.canRedo,
  });
}

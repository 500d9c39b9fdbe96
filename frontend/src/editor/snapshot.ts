import type { Core } from './core';
import type { Crosshair } from './crosshair';
import type { Editing } from './editing';
import type { AcceptingView, EditorSnapshot, MakingMask, MakingView, ToolView } from './model';
import type { Objects } from './objects';
import type { Prompting } from './prompting';
import type { Session } from './session';
import { keepEqual } from './stable';
import { statusOf } from './status';
import type { ToolMachine } from './tools/machine';

export interface Parts {
  readonly core: Core;
  readonly objects: Objects;
  readonly prompting: Prompting;
  readonly editing: Editing;
  readonly crosshair: Crosshair;
  readonly machine: ToolMachine;
}

function toolView(previous: ToolView | null, { tool, state }: ToolMachine, editing: Editing): ToolView {
  const { draft = null } = state;
  return keepEqual(previous, {
    id: tool.id,
    state: state.name,
    draft: draft && keepEqual(previous?.draft ?? null, draft),
    tipRadius: tool.hasTip ? editing.settings.brushSize / 2 : null,
  });
}

function makingView(previous: MakingView | null, session: Session): MakingView | null {
  const view = session.making.view();
  return view && keepShown(previous, view);
}

function acceptingViews(previous: readonly AcceptingView[], session: Session): readonly AcceptingView[] {
  const views = session.accepting().map((view, i) => keepShown(previous[i] ?? null, view));
  return keepEqual(previous, views);
}

function alongsideOf(previous: readonly MakingMask[], session: Session): readonly MakingMask[] {
  return keepEqual(
    previous,
    session.alongside().map((mask, i) => keepEqual(previous[i] ?? null, mask)),
  );
}

/** What is shown is described anew each time: it is the same while the mask is. */
function keepShown<View extends Pick<MakingView, 'shown'>>(previous: View | null, view: View): View {
  const shown = view.shown && keepEqual(previous?.shown ?? null, view.shown);
  return keepEqual(previous, { ...view, shown });
}

/** Everything there is to see. Returns `previous` itself, or its parts, where nothing changed. */
export function composeSnapshot(previous: EditorSnapshot | null, parts: Parts): EditorSnapshot {
  const { core, objects, prompting, editing, machine, crosshair } = parts;
  const { session, hovering } = prompting;
  const making = makingView(previous?.making ?? null, session);
  return keepEqual(previous, {
    annotations: core.document.annotations,
    categories: core.categories,
    categoryId: core.categoryId,
    selection: keepEqual(previous?.selection ?? null, objects.selection),
    hoveredId: objects.hoveredId,
    hidden: objects.hidden,
    hiddenByHand: objects.hiddenByHand,
    locked: objects.locked,
    isSolo: objects.isSolo,
    toDelete: objects.toDelete,
    tool: toolView(previous?.tool ?? null, machine, editing),
    editing: editing.settings,
    editedId: editing.target?.id ?? null,
    making,
    alongside: alongsideOf(previous?.alongside ?? [], session),
    prompting: prompting.settings,
    accepting: acceptingViews(previous?.accepting ?? [], session),
    preview: making ? null : hovering.view,
    takesPoints: prompting.takesPoints,
    status: keepEqual(previous?.status ?? null, statusOf(core, prompting)),
    crosshair: crosshair.view && keepEqual(previous?.crosshair ?? null, crosshair.view),
    walked: core.walked,
    canUndo: machine.isInGesture || session.canUndo || core.history.canUndo,
    canRedo: prompting.canRedo || core.history.canRedo,
  });
}

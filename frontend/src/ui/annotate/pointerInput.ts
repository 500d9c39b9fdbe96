import type { PointerInput } from '../../editor/model';
import type { Point } from '../../geometry/types';
import type { View } from './view';

const SECONDARY_BUTTON = 2;
const RUBBER_BUTTON = 5;
/** Of `buttons`: the right one of a mouse, the barrel's of a pen; the rubber end of a pen. */
const SECONDARY = 2;
const RUBBER = 32;

/** A pointer event for the editor, in image coordinates. `at`: canvas pixels. */
export function pointerInput(event: PointerEvent, at: Point, view: View): PointerInput {
  return {
    ...view.toImage(at),
    button: isSecondary(event) ? 'secondary' : 'primary',
    device: deviceOf(event),
    pressure: event.pointerType === 'pen' ? event.pressure : 0.5,
    alt: event.altKey,
    shift: event.shiftKey,
    mod: event.ctrlKey || event.metaKey,
    scale: view.getState().viewport.scale,
  };
}

/** What leaves out and erases. */
function isSecondary({ button, buttons }: PointerEvent): boolean {
  return button === SECONDARY_BUTTON || button === RUBBER_BUTTON || (buttons & (SECONDARY | RUBBER)) !== 0;
}

/** What says nothing of itself is a mouse. */
function deviceOf({ pointerType }: PointerEvent): PointerInput['device'] {
  return pointerType === 'pen' || pointerType === 'touch' ? pointerType : 'mouse';
}

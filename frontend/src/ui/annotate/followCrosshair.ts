import type { Editor } from '../../editor/editor';
import type { View } from './view';

/** Screen pixels that stay between the crosshair and the edges of the canvas. */
const MARGIN = 56;

/** Tells the crosshair what is seen, and keeps it in sight, until the returned function is called. */
export function followCrosshair(editor: Editor, view: View): () => void {
  const see = () => {
    const { seen } = view;
    editor.crosshair.see({ seen, scale: view.getState().viewport.scale });
  };
  let before = editor.getSnapshot().crosshair;
  const follow = () => {
    const { crosshair } = editor.getSnapshot();
    const hasMoved = crosshair !== null && crosshair.point !== before?.point;
    before = crosshair;
    if (hasMoved && crosshair.area === null) view.reveal(crosshair.point, MARGIN);
  };
  see();
  const stops = [view.subscribe(see), editor.subscribe(follow)];
  return () => {
    for (const stop of stops) stop();
  };
}

import { useSyncExternalStore } from 'react';

import { keysOf } from '../../editor/bindings';
import { COMMANDS } from '../../editor/commands';
import { type CrosshairView, type Quadrant, quarterOf } from '../../editor/crosshair';
import type { Editor } from '../../editor/editor';
import type { Box } from '../../geometry/types';
import { toScreen, type Viewport } from '../../geometry/viewport';
import styles from './CrosshairOverlay.module.css';
import { keyLabel } from './keyLabel';
import { useEditorPart } from './useEditorPart';
import { useKeyBindings } from './useKeyBindings';
import type { View } from './view';

const QUADRANTS: readonly Quadrant[] = ['upperLeft', 'upperRight', 'lowerLeft', 'lowerRight'];
/** Screen pixels that a quarter needs to hold the name of its key. */
const ROOM = 28;

interface CrosshairOverlayProps {
  readonly editor: Editor;
  readonly view: View;
}

/** The crosshair of the keyboard over the picture, and the quarters that are chosen from. Dark on light: told on any photo. */
export function CrosshairOverlay({ editor, view }: CrosshairOverlayProps) {
  const crosshair = useEditorPart(editor, (snapshot) => snapshot.crosshair);
  const viewport = useSyncExternalStore(view.subscribe, () => view.getState().viewport);
  if (!crosshair) return null;
  return (
    <div className={styles.overlay} aria-hidden>
      {crosshair.area && <Quarters area={crosshair.area} viewport={viewport} />}
      <Reticle crosshair={crosshair} viewport={viewport} />
    </div>
  );
}

function Reticle({
  crosshair,
  viewport,
}: {
  readonly crosshair: CrosshairView;
  readonly viewport: Viewport;
}) {
  const { point, isPressed } = crosshair;
  const { x, y } = toScreen(viewport, point);
  return (
    <svg
      className={styles.reticle}
      viewBox="-20 -20 40 40"
      style={{ left: x, top: y }}
      data-crosshair={JSON.stringify(point)}
      data-pressed={isPressed}
    >
      {['under', 'over'].map((layer) => (
        <g key={layer} className={styles[layer]}>
          <path d="M-18 0H-6M6 0H18M0 -18V-6M0 6V18" />
          <circle r={isPressed ? 4 : 1} />
        </g>
      ))}
    </svg>
  );
}

function Quarters({ area, viewport }: { readonly area: Box; readonly viewport: Viewport }) {
  const bindings = useKeyBindings();
  const keyOf = (quadrant: Quadrant): string | undefined => {
    const command = COMMANDS.find(({ id }) => id === `crosshair.${quadrant}`);
    return command && keysOf(command, bindings)[0];
  };
  return QUADRANTS.map((quadrant) => {
    const { width, height, ...place } = placeOf(quarterOf(area, quadrant), viewport);
    const chord = Math.min(width, height) > ROOM ? keyOf(quadrant) : undefined;
    return (
      <div key={quadrant} className={styles.quarter} style={{ ...place, width, height }}>
        {chord && <kbd>{keyLabel(chord)}</kbd>}
      </div>
    );
  });
}

/** On the canvas, in CSS pixels. */
function placeOf({ x0, y0, x1, y1 }: Box, viewport: Viewport) {
  const { x: left, y: top } = toScreen(viewport, { x: x0, y: y0 });
  return { left, top, width: (x1 - x0) * viewport.scale, height: (y1 - y0) * viewport.scale };
}

import { Tooltip as Primitive } from '@base-ui/react/tooltip';
import type { ReactElement } from 'react';

import popup from './popup.module.css';
import styles from './Tooltip.module.css';

interface Hint {
  readonly label: string;
  readonly shortcut?: string | undefined;
}

/** All hints share one popup (TooltipLayer), so that a list of a thousand buttons costs no thousand popups. */
const shared = Primitive.createHandle<Hint>();

interface TooltipProps extends Hint {
  /** A button that has an accessible name of its own: a hint is for eyes. */
  readonly children: ReactElement;
}

export function Tooltip({ label, shortcut, children }: TooltipProps) {
  return <Primitive.Trigger handle={shared} payload={{ label, shortcut }} render={children} />;
}

/** Where hints appear; once per page. */
export function TooltipLayer() {
  return (
    // A hint goes with Escape, and takes nothing from it: a dialog around its button closes at the same press.
    <Primitive.Root
      handle={shared}
      onOpenChange={(_, details) => details.reason === 'escape-key' && details.allowPropagation()}
    >
      {({ payload }) => (
        <Primitive.Portal>
          <Primitive.Positioner className={popup.positioner} sideOffset={6} collisionPadding={8}>
            <Primitive.Popup className={styles.hint}>
              {payload?.label}
              {payload?.shortcut && <kbd>{payload.shortcut}</kbd>}
            </Primitive.Popup>
          </Primitive.Positioner>
        </Primitive.Portal>
      )}
    </Primitive.Root>
  );
}

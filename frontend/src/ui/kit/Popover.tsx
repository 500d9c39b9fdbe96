import { Popover as Primitive } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

import { cx } from './cx';
import popup from './popup.module.css';
import styles from './Popover.module.css';

interface PopoverProps {
  /** A Button or an IconButton. */
  readonly trigger: ReactElement;
  readonly title: string;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly align?: 'start' | 'center' | 'end';
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly children: ReactNode;
}

/** A small panel at its button. Escape or a press outside closes it, and the focus returns to the button. */
export function Popover({
  trigger,
  title,
  side = 'bottom',
  align = 'start',
  children,
  ...state
}: PopoverProps) {
  const onOpenChange = (open: boolean) => state.onOpenChange?.(open);
  return (
    <Primitive.Root {...(state.open !== undefined && { open: state.open })} onOpenChange={onOpenChange}>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal>
        <Primitive.Positioner
          className={popup.positioner}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          <Primitive.Popup className={cx(popup.popup, styles.panel)} data-popup>
            <Primitive.Title className={styles.title}>{title}</Primitive.Title>
            {children}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

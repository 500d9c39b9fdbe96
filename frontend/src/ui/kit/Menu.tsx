import { Menu as Primitive } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';

import styles from './popup.module.css';

export interface MenuItem {
  readonly label: string;
  readonly detail?: string;
  readonly onSelect: () => void;
}

interface MenuProps {
  /** A Button or an IconButton. */
  readonly trigger: ReactElement;
  /** MenuItems, groups, separators of Base UI's menu. */
  readonly children: ReactNode;
}

/** A button with a menu below it: arrow keys walk, Escape closes, the focus returns to the button. */
export function Menu({ trigger, children }: MenuProps) {
  return (
    <Primitive.Root modal={false}>
      <Primitive.Trigger render={trigger} />
      <Primitive.Portal>
        <Primitive.Positioner className={styles.positioner} align="end" sideOffset={4} collisionPadding={8}>
          <Primitive.Popup className={styles.popup} data-popup>
            {children}
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function MenuAction({ label, detail, onSelect }: MenuItem) {
  return (
    <Primitive.Item className={styles.item} onClick={onSelect}>
      <span className={styles.text}>
        {label}
        {detail && <small>{detail}</small>}
      </span>
    </Primitive.Item>
  );
}

export const MenuSeparator = () => <Primitive.Separator className={styles.separator} />;

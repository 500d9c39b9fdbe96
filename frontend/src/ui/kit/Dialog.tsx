import { Dialog as Primitive } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';

import { useTranslation } from '../../i18n';
import { IconButton } from './Button';
import { cx } from './cx';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** What has the focus first, where that is not the close button. */
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

/** A modal dialog: the focus stays inside, Escape or a press outside closes it. Mounted means open. */
export function Dialog({ title, onClose, children, wide = false, initialFocus }: DialogProps) {
  const { t } = useTranslation('common');
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Backdrop className={styles.backdrop} forceRender />
        <Primitive.Popup
          className={cx(styles.dialog, wide && styles.wide)}
          data-popup
          {...(initialFocus && { initialFocus })}
        >
          <header className={styles.header}>
            <Primitive.Title>{title}</Primitive.Title>
            <IconButton label={t('close')} onClick={onClose}>
              <X />
            </IconButton>
          </header>
          {children}
        </Primitive.Popup>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <footer className={styles.actions}>{children}</footer>;
}

import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';

import styles from './Button.module.css';
import { cx } from './cx';
import { Tooltip } from './Tooltip';

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: ReactNode;
}

export function Button({ variant = 'plain', icon, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={cx(styles.button, styles[variant])}>
      {icon}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function LinkButton({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link href={href} className={cx(styles.button, styles.plain)}>
      {children}
    </Link>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  /** The accessible name, and the tooltip. */
  readonly label: string;
  /** Shown in the tooltip only. */
  readonly shortcut?: string | undefined;
  readonly pressed?: boolean;
}

export function IconButton({ label, shortcut, pressed, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button {...rest} type={type} className={styles.icon} aria-label={label} aria-pressed={pressed} />
    </Tooltip>
  );
}

import type { ReactNode } from 'react';

import { cx } from './cx';
import styles from './Notice.module.css';

interface NoticeProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  /** What to do about it. */
  readonly action?: ReactNode;
  readonly tone?: 'calm' | 'bad';
}

/** A page or a panel with nothing to show: says why, and what to do. */
export function Notice({ icon, title, children, action, tone = 'calm' }: NoticeProps) {
  return (
    <section className={styles.notice} role={tone === 'bad' ? 'alert' : undefined}>
      <div className={cx(styles.icon, tone === 'bad' && styles.bad)}>{icon}</div>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className={styles.action}>{action}</div>}
    </section>
  );
}

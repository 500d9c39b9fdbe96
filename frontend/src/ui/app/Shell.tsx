import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { useTranslation } from '../../i18n';
import { AppearanceMenu } from './AppearanceMenu';
import { SaveState } from './SaveState';
import styles from './Shell.module.css';

interface ShellProps {
  /** Path to here: links, then the page's own title. */
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The bar and the scrolling page below it. */
export function Shell({ title, actions, children }: ShellProps) {
  const { t } = useTranslation('common');
  return (
    <div className={styles.shell}>
      <header className={styles.bar}>
        <Link href="/" className={styles.brand} aria-label={t('allProjects')}>
          <img src="/favicon.svg" alt="" width={24} height={24} />
        </Link>
        <div className={styles.title}>{title}</div>
        <SaveState quiet />
        <div className={styles.actions}>{actions}</div>
        <AppearanceMenu />
      </header>
      <main className={styles.main}>{children}</main>
    </div>
  );
}

import type { MouseEvent } from 'react';

import { useTranslation } from '../../i18n';
import styles from './SkipLinks.module.css';

/** The first stops of Tab: past the bars, to where the work is. Seen while they have the focus. */
export function SkipLinks() {
  const { t } = useTranslation('keyboard');
  return (
    <nav className={styles.links} aria-label={t('canvas.skip')}>
      <a href="#canvas" onClick={skip}>
        {t('canvas.skip')}
      </a>
      <a href="#panel" onClick={skip}>
        {t('canvas.skipToPanel')}
      </a>
    </nav>
  );
}

/** The address stays that of the image. */
function skip(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.querySelector<HTMLElement>(event.currentTarget.hash)?.focus();
}

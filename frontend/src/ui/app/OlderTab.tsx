import { Copy } from 'lucide-react';

import { useTranslation } from '../../i18n';
import { Notice } from '../kit/Notice';

/** The queue of unsent masks is held by a tab with an older page: nothing starts until that one is gone. */
export function OlderTab() {
  const { t } = useTranslation('errors');
  return (
    <Notice icon={<Copy />} title={t('olderTab')}>
      {t('olderTabDetail')}
    </Notice>
  );
}

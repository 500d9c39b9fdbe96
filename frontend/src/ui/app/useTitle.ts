import { useEffect } from 'react';

import { useTranslation } from '../../i18n';

export function useTitle(page: string | undefined): void {
  const { t } = useTranslation('common');
  useEffect(() => {
    document.title = page ? t('appTitle', { page }) : 'Maskloop';
  }, [page, t]);
}

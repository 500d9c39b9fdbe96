import { DatabaseZap } from 'lucide-react';

import { useSay, useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { Notice } from '../kit/Notice';

/** Without its own storage the page would lose masks when the server is away: better not to start at all. */
export function StartFailure({ error }: { readonly error: Error }) {
  const { t } = useTranslation(['errors', 'common']);
  const say = useSay();
  return (
    <Notice
      tone="bad"
      icon={<DatabaseZap />}
      title={t('noStorage')}
      action={
        <Button variant="primary" onClick={() => location.reload()}>
          {t('common:tryAgain')}
        </Button>
      }
    >
      {t('noStorageDetail', { reason: say(error) })}
    </Notice>
  );
}

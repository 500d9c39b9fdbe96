import { TriangleAlert } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import { IconButton } from '../kit/Button';
import { RefusalsDialog } from './RefusalsDialog';
import { useServices } from './services';

/** For an annotation's row: opens the decision where the server refused a change of it, else nothing. */
export function RefusalBadge({ annotationId }: { readonly annotationId: string }) {
  const { t } = useTranslation('durability');
  const { outbox } = useServices();
  const isRefused = useSyncExternalStore(outbox.subscribe, () =>
    outbox.getState().refusals.some(({ entry }) => entry.mutation.annotationId === annotationId),
  );
  const [isDeciding, setDeciding] = useState(false);
  return (
    <>
      {isRefused && (
        <IconButton label={t('refusals.badge')} onClick={() => setDeciding(true)}>
          <TriangleAlert style={{ color: 'var(--bad)' }} />
        </IconButton>
      )}
      {isDeciding && <RefusalsDialog annotationId={annotationId} onClose={() => setDeciding(false)} />}
    </>
  );
}

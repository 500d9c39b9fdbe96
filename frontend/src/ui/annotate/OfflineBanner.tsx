import { CloudOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import styles from './OfflineBanner.module.css';

/** While the server cannot be reached: what still works, what waits, and when it is tried again. */
export function OfflineBanner() {
  const { t } = useTranslation('durability');
  const { outbox } = useServices();
  const { phase, waiting } = useSyncExternalStore(outbox.subscribe, outbox.getState);
  const isConnected = useSyncExternalStore(subscribeToConnection, () => navigator.onLine);
  // An empty row keeps the page's grid as it is.
  if (isConnected && phase !== 'offline') return <div />;
  return (
    <section className={styles.banner} aria-label={t('offline.label')}>
      <CloudOff aria-hidden />
      <p role="status">
        <strong>{t('offline.title')}</strong> {t('offline.works')}
      </p>
      <span className={styles.waiting}>
        {waiting === 0 ? t('offline.nothingWaits') : t('offline.waiting', { count: waiting })}
      </span>
      <NextTry />
      <Button onClick={outbox.retryNow}>{t('offline.tryNow')}</Button>
    </section>
  );
}

/** Counts down by itself, and not in the region that a screen reader reads. */
function NextTry() {
  const { t } = useTranslation('durability');
  const { outbox } = useServices();
  const { retryAt } = useSyncExternalStore(outbox.subscribe, outbox.getState);
  const now = useClock();
  const seconds = retryAt === null ? null : Math.ceil((retryAt - now) / 1000);
  return (
    <span className={styles.next}>
      {seconds === null && t('offline.retries')}
      {seconds !== null && (seconds > 0 ? t('offline.retryIn', { count: seconds }) : t('offline.retryNow'))}
    </span>
  );
}

const TICK_MS = 500;

function useClock(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function subscribeToConnection(listener: () => void): () => void {
  const ended = new AbortController();
  for (const event of ['online', 'offline']) addEventListener(event, listener, { signal: ended.signal });
  return () => ended.abort();
}

import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import styles from './OfflineBanner.module.css';

/** Only while there is something to send and nobody to take it. */
export function OfflineBanner() {
  const { outbox } = useServices();
  const { phase, waiting } = useSyncExternalStore(outbox.subscribe, outbox.getState);
  // An empty row keeps the page's grid as it is.
  if (phase !== 'offline' || waiting === 0) return <div />;
  return (
    <div className={styles.banner} role="alert">
      <CloudOff aria-hidden />
      <p>
        The server cannot be reached. Go on: what you accept is kept in this browser and sent when the server
        is back.
      </p>
      <Button variant="quiet" onClick={outbox.retryNow}>
        Try now
      </Button>
    </div>
  );
}

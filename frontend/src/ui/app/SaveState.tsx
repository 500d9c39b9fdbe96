import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';

import { useSay } from '../../i18n';
import { RefusalsDialog } from './RefusalsDialog';
import styles from './SaveState.module.css';
import { saveTextOf } from './saveText';
import { useServices } from './services';

const ICONS = { good: Check, busy: LoaderCircle, away: CloudOff, bad: TriangleAlert } as const;

/** Whether the server has everything. `quiet`: only shown while it has not. */
export function SaveState({ quiet = false }: { readonly quiet?: boolean }) {
  const { outbox } = useServices();
  const say = useSay();
  const state = useSyncExternalStore(outbox.subscribe, outbox.getState);
  const [isDeciding, setDeciding] = useState(false);
  const { tone, text, hint } = saveTextOf(state);
  const { waiting, refusals } = state;
  const Icon = ICONS[tone];
  const isShown = !quiet || tone !== 'good';
  return (
    <>
      {isShown && (
        <button
          type="button"
          className={styles.state}
          data-tone={tone}
          data-pending={waiting + refusals.length}
          title={say(hint)}
          onClick={() => (refusals.length > 0 ? setDeciding(true) : outbox.retryNow())}
        >
          <Icon aria-hidden />
          {say(text)}
        </button>
      )}
      {isDeciding && <RefusalsDialog onClose={() => setDeciding(false)} />}
    </>
  );
}

import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';

import type { OutboxState } from '../../outbox/outbox';
import { RejectedDialog } from './RejectedDialog';
import styles from './SaveState.module.css';
import { useServices } from './services';

const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

interface Shown {
  readonly tone: 'good' | 'busy' | 'away' | 'bad';
  readonly text: string;
  readonly hint: string;
}

function describe({ waiting, unstored, rejected, phase, failure }: OutboxState): Shown {
  if (failure !== null && unstored > 0) {
    const hint = `${failure} Keep this page open, free some disk space, then click to try again.`;
    return { tone: 'bad', text: `${changes(unstored)} not stored`, hint };
  }
  if (failure !== null) {
    const hint = `${failure} What you accepted is on disk: reload the page to send it.`;
    return { tone: 'bad', text: 'Saving stopped', hint };
  }
  if (rejected.length > 0) {
    return { tone: 'bad', text: `${changes(rejected.length)} refused`, hint: 'Decide what becomes of them.' };
  }
  if (waiting === 0) return { tone: 'good', text: 'All saved', hint: 'The server has every change.' };
  const kept = 'Kept safe in this browser, sent as soon as the server answers. Click to try now.';
  if (phase === 'offline' || phase === 'waiting') {
    return { tone: 'away', text: `Offline · ${changes(waiting)} waiting`, hint: kept };
  }
  return { tone: 'busy', text: `Saving ${changes(waiting)}`, hint: kept };
}

const ICONS = { good: Check, busy: LoaderCircle, away: CloudOff, bad: TriangleAlert } as const;

/** Whether the server has everything. `quiet`: only shown while it has not. */
export function SaveState({ quiet = false }: { readonly quiet?: boolean }) {
  const { outbox } = useServices();
  const state = useSyncExternalStore(outbox.subscribe, outbox.getState);
  const [deciding, setDeciding] = useState(false);
  const { tone, text, hint } = describe(state);
  const Icon = ICONS[tone];
  const pending = state.waiting + state.rejected.length;
  if (quiet && tone === 'good') return null;
  return (
    <>
      <button
        type="button"
        className={styles.state}
        data-tone={tone}
        data-pending={pending}
        title={hint}
        onClick={() => (state.rejected.length > 0 ? setDeciding(true) : outbox.retryNow())}
      >
        <Icon aria-hidden />
        {text}
      </button>
      {deciding && <RejectedDialog entries={state.rejected} onClose={() => setDeciding(false)} />}
    </>
  );
}

import type { Entry } from '../../outbox/entry';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import styles from './RejectedDialog.module.css';
import { useServices } from './services';

interface RejectedDialogProps {
  readonly entries: readonly Entry[];
  readonly onClose: () => void;
}

const WHAT = { create: 'A new mask', update: 'A changed mask', delete: 'A deletion' } as const;

/** What the server refused for good: each needs a decision, nothing is dropped by itself. */
export function RejectedDialog({ entries, onClose }: RejectedDialogProps) {
  return (
    <Dialog title="Refused by the server" onClose={onClose} wide>
      <p className={styles.lead}>These changes are kept in this browser until you decide.</p>
      {entries.length === 0 && <p>Nothing is left to decide.</p>}
      <ul className={styles.list}>
        {entries.map((entry) => (
          <RejectedItem key={entry.seq} entry={entry} />
        ))}
      </ul>
    </Dialog>
  );
}

function RejectedItem({ entry }: { readonly entry: Entry }) {
  const { outbox, desk } = useServices();
  const { mutation, rejection, seq } = entry;
  const discard = async () => {
    await outbox.discard(seq);
    await desk.refresh(mutation.imageId);
  };
  const stale = rejection?.code === 'stale_version';
  return (
    <li className={styles.item}>
      <div>
        <h3>
          {WHAT[mutation.kind]} on image {mutation.imageId}
        </h3>
        <p>{rejection?.reason}</p>
      </div>
      <Button onClick={() => void outbox.retry(seq)}>{stale ? 'Save mine over it' : 'Try again'}</Button>
      <Button variant="danger" onClick={() => void discard()}>
        Discard
      </Button>
    </li>
  );
}

import { CircleAlert, RotateCw, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useServices } from '../app/services';
import { Button, IconButton } from '../kit/Button';
import { count } from '../kit/text';
import styles from './UploadPanel.module.css';
import type { Upload } from './uploads';

const isOpen = ({ state }: Upload) => state === 'waiting' || state === 'sending';

/** Progress of each file, and the reason for each that did not make it. Stays until it is closed. */
export function UploadPanel({ projectId }: { readonly projectId: number }) {
  const { uploads } = useServices();
  const list = useSyncExternalStore(uploads.subscribe, uploads.getList);
  const own = list.filter((upload) => upload.projectId === projectId);
  if (own.length === 0) return null;
  const failed = own.filter(({ state }) => state === 'failed');
  return (
    <section className={styles.panel} aria-label="Uploads">
      <header className={styles.header}>
        <h2 role="status">{headline(own)}</h2>
        {failed.length > 0 && (
          <Button icon={<RotateCw />} onClick={() => uploads.retryFailed(projectId)}>
            Retry {failed.length}
          </Button>
        )}
        <IconButton
          label={own.some(isOpen) ? 'Stop the upload' : 'Close the list'}
          onClick={() => uploads.clear(projectId)}
        >
          <X />
        </IconButton>
      </header>
      <progress
        className={styles.bar}
        max={own.length}
        value={own.reduce((sum, { progress }) => sum + progress, 0)}
      />
      <ul className={styles.list}>
        {shown(own).map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

/** What needs eyes first, then what moves; a few of those that wait. */
function shown(uploads: readonly Upload[]): Upload[] {
  const of = (...states: Upload['state'][]) => uploads.filter(({ state }) => states.includes(state));
  return [...of('failed', 'rejected'), ...of('sending'), ...of('waiting').slice(0, 3), ...of('duplicate')];
}

function headline(uploads: readonly Upload[]): string {
  const open = uploads.filter(isOpen).length;
  if (open > 0) return `Uploading ${uploads.length - open + 1} of ${uploads.length}`;
  const of = (state: Upload['state']) => uploads.filter((upload) => upload.state === state).length;
  const parts = [
    `${count(of('created'), 'image')} added`,
    of('duplicate') > 0 && `${of('duplicate')} already here`,
    of('rejected') > 0 && `${of('rejected')} rejected`,
    of('failed') > 0 && `${of('failed')} failed`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const { file, state, progress, reason } = upload;
  const bad = state === 'rejected' || state === 'failed';
  return (
    <li className={styles.row} data-state={state}>
      {bad && <CircleAlert aria-hidden />}
      <div className={styles.what}>
        <span className={styles.name}>{file.name}</span>
        {reason && <small>{reason}</small>}
      </div>
      <span className={styles.state}>{state === 'sending' ? sendingText(progress) : STATE_TEXT[state]}</span>
    </li>
  );
}

/** All bytes are out: now the server reads and checks the file. */
const sendingText = (progress: number) => (progress >= 1 ? 'Checking' : `${Math.round(progress * 100)} %`);

const STATE_TEXT = {
  waiting: 'Waiting',
  created: 'Added',
  duplicate: 'Already here',
  rejected: 'Rejected',
  failed: 'Not sent',
} as const;

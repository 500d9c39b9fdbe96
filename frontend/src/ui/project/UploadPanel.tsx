import { CircleAlert, RotateCw, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useFormats, useSay, useTranslation } from '../../i18n';
import { useServices } from '../app/services';
import { Button, IconButton } from '../kit/Button';
import styles from './UploadPanel.module.css';
import type { Upload } from './uploads';

const isOpen = ({ state }: Upload) => state === 'waiting' || state === 'sending';

/** Progress of each file, and the reason for each that did not make it. Stays until it is closed. */
export function UploadPanel({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation('project');
  const { uploads } = useServices();
  const headline = useHeadline();
  const list = useSyncExternalStore(uploads.subscribe, uploads.getList);
  const own = list.filter((upload) => upload.projectId === projectId);
  if (own.length === 0) return null;
  const failed = own.filter(({ state }) => state === 'failed');
  return (
    <section className={styles.panel} aria-label={t('upload.list')}>
      <header className={styles.header}>
        <h2 role="status">{headline(own)}</h2>
        {failed.length > 0 && (
          <Button icon={<RotateCw />} onClick={() => uploads.retryFailed(projectId)}>
            {t('upload.retry', { count: failed.length })}
          </Button>
        )}
        <IconButton
          label={own.some(isOpen) ? t('upload.stop') : t('upload.close')}
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

function useHeadline(): (uploads: readonly Upload[]) => string {
  const { t } = useTranslation('project');
  return (uploads) => {
    const count = uploads.length;
    const open = uploads.filter(isOpen).length;
    if (open > 0) return t('upload.uploading', { at: count - open + 1, count });
    const of = (state: Upload['state']) => uploads.filter((upload) => upload.state === state).length;
    const parts = [
      t('upload.added', { count: of('created') }),
      of('duplicate') > 0 && t('upload.duplicates', { count: of('duplicate') }),
      of('rejected') > 0 && t('upload.rejected', { count: of('rejected') }),
      of('failed') > 0 && t('upload.failed', { count: of('failed') }),
    ];
    return parts.filter(Boolean).join(' · ');
  };
}

function UploadRow({ upload }: { readonly upload: Upload }) {
  const { t } = useTranslation('project');
  const { percent } = useFormats();
  const say = useSay();
  const { file, state, progress, reason } = upload;
  const bad = state === 'rejected' || state === 'failed';
  // All bytes are out: now the server reads and checks the file.
  const sending = progress >= 1 ? t('upload.checking') : percent(progress);
  return (
    <li className={styles.row} data-state={state}>
      {bad && <CircleAlert aria-hidden />}
      <div className={styles.what}>
        <span className={styles.name}>{file.name}</span>
        {reason && <small>{say(reason)}</small>}
      </div>
      <span className={styles.state}>{state === 'sending' ? sending : t(`upload.state.${state}`)}</span>
    </li>
  );
}

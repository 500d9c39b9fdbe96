import { CircleAlert, RotateCw } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useSay, useTranslation } from '../../i18n';
import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import type { Sheet } from './desk';
import styles from './Stage.module.css';
import { useEditorPart } from './useEditorPart';

interface TroubleProps {
  readonly title: string;
  readonly reason: string;
  readonly onRetry: () => void;
  /** "Try again" where nothing else is said. */
  readonly action?: string;
}

export function Trouble({ title, reason, onRetry, action }: TroubleProps) {
  const { t } = useTranslation('common');
  return (
    <section className={styles.trouble} role="alert">
      <CircleAlert aria-hidden />
      <div>
        <h2>{title}</h2>
        <p>{reason}</p>
      </div>
      <Button icon={<RotateCw />} onClick={onRetry}>
        {action ?? t('tryAgain')}
      </Button>
    </section>
  );
}

/** The decoder, the embedding or one answer failed: accepted masks are untouched, and everything else goes on. */
export function ModelTrouble({ sheet }: { readonly sheet: Sheet }) {
  const { inference } = useServices();
  const { phase, imageId, error, model } = useSyncExternalStore(inference.subscribe, inference.getStatus);
  const status = useEditorPart(sheet.editor, (snapshot) => snapshot.status);
  const { t } = useTranslation('annotate');
  const say = useSay();
  const reason = say(error ?? { key: 'errors:model.noReason' });
  if (phase === 'error' && model === null) {
    const advice = t('trouble.notStartedAdvice', { reason });
    return <Trouble title={t('trouble.notStarted')} reason={advice} onRetry={inference.retry} />;
  }
  if (phase === 'error' && imageId === sheet.image.id) {
    return <Trouble title={t('trouble.imageUnread')} reason={reason} onRetry={inference.retry} />;
  }
  if (status.phase !== 'error' || phase === 'error') return null;
  const retry = () => sheet.editor.prompting.retry();
  return (
    <Trouble
      title={t('trouble.noMask')}
      reason={status.message ? say(status.message) : reason}
      onRetry={retry}
    />
  );
}

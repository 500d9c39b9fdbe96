import { CircleAlert, RotateCw } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import type { Sheet } from './desk';
import styles from './Stage.module.css';
import { useEditorSnapshot } from './useEditorSnapshot';

interface TroubleProps {
  readonly title: string;
  readonly reason: string;
  readonly onRetry: () => void;
}

export function Trouble({ title, reason, onRetry }: TroubleProps) {
  return (
    <section className={styles.trouble} role="alert">
      <CircleAlert aria-hidden />
      <div>
        <h2>{title}</h2>
        <p>{reason}</p>
      </div>
      <Button icon={<RotateCw />} onClick={onRetry}>
        Retry
      </Button>
    </section>
  );
}

/** The decoder, the embedding or one answer failed: accepted masks are untouched, and everything else goes on. */
export function ModelTrouble({ sheet }: { readonly sheet: Sheet }) {
  const { inference } = useServices();
  const { phase, imageId, error } = useSyncExternalStore(inference.subscribe, inference.getStatus);
  const { status } = useEditorSnapshot(sheet.editor);
  if (phase === 'error' && imageId === sheet.image.id) {
    return (
      <Trouble
        title="The model is not available"
        reason={error ?? 'No reason was given.'}
        onRetry={inference.retry}
      />
    );
  }
  if (status.phase !== 'error' || phase === 'error') return null;
  const retry = () => sheet.editor.retry();
  return (
    <Trouble
      title="The model gave no mask"
      reason={status.message ?? 'No reason was given.'}
      onRetry={retry}
    />
  );
}

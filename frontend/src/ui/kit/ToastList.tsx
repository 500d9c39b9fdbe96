import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useSay, useTranslation } from '../../i18n';
import { Button, IconButton } from './Button';
import styles from './ToastList.module.css';
import type { Toast, Toasts, ToastText } from './toasts';

/** Read out as they come: good news when the reader pauses, bad news at once. */
export function ToastList({ toasts }: { readonly toasts: Toasts }) {
  const { t } = useTranslation('common');
  const list = useSyncExternalStore(toasts.subscribe, toasts.getList);
  return (
    <section className={styles.list} aria-label={t('messages')} aria-live="polite">
      {list.map((toast) => (
        <ToastItem key={toast.id} toast={toast} onClose={() => toasts.close(toast.id)} />
      ))}
    </section>
  );
}

function ToastItem({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) {
  const { t } = useTranslation('common');
  const say = useSay();
  const words = (text: ToastText) => (typeof text === 'string' ? text : say(text));
  const { tone, text, action } = toast;
  const run = () => {
    onClose();
    action?.run();
  };
  return (
    <div className={styles.toast} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      {tone === 'bad' ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
      <span>{words(text)}</span>
      {action && <Button onClick={run}>{words(action.label)}</Button>}
      <IconButton label={t('dismiss')} onClick={onClose}>
        <X />
      </IconButton>
    </div>
  );
}

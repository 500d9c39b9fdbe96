import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { Button, IconButton } from './Button';
import styles from './ToastList.module.css';
import type { Toast, Toasts } from './toasts';

export function ToastList({ toasts }: { readonly toasts: Toasts }) {
  const list = useSyncExternalStore(toasts.subscribe, toasts.getList);
  return (
    <ol className={styles.list} aria-label="Messages">
      {list.map((toast) => (
        <ToastItem key={toast.id} toast={toast} onClose={() => toasts.close(toast.id)} />
      ))}
    </ol>
  );
}

function ToastItem({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) {
  const { tone, text, action } = toast;
  const run = () => {
    onClose();
    action?.run();
  };
  return (
    <li className={styles.toast} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      {tone === 'bad' ? <CircleAlert aria-hidden /> : <CircleCheck aria-hidden />}
      <span>{text}</span>
      {action && <Button onClick={run}>{action.label}</Button>}
      <IconButton label="Dismiss" onClick={onClose}>
        <X />
      </IconButton>
    </li>
  );
}

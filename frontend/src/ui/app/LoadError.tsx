import { CloudOff, SearchX } from 'lucide-react';

import { ApiError } from '../../api/errors';
import { useSay, useTranslation } from '../../i18n';
import { Button, LinkButton } from '../kit/Button';
import { Notice } from '../kit/Notice';

interface LoadErrorProps {
  /** What could not be done, as in "Cannot read the images". */
  readonly title: string;
  /** The same where the server says that there is no such thing. */
  readonly missing?: string;
  readonly error: Error;
  readonly onRetry: () => void;
}

/** Something could not be read: why, and the way on. */
export function LoadError({ title, missing = title, error, onRetry }: LoadErrorProps) {
  const { t } = useTranslation('common');
  const say = useSay();
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <Notice
      tone="bad"
      icon={gone ? <SearchX /> : <CloudOff />}
      title={gone ? missing : title}
      action={
        gone ? (
          <LinkButton href="/">{t('goToProjects')}</LinkButton>
        ) : (
          <Button onClick={onRetry}>{t('tryAgain')}</Button>
        )
      }
    >
      {say(error)}
    </Notice>
  );
}

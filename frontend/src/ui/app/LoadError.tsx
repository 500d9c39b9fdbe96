import { CloudOff, SearchX } from 'lucide-react';

import { ApiError, reasonOf } from '../../api/errors';
import { Button, LinkButton } from '../kit/Button';
import { Notice } from '../kit/Notice';

interface LoadErrorProps {
  /** What could not be read, as in "the images". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Something could not be read: why, and the way on. */
export function LoadError({ what, error, onRetry }: LoadErrorProps) {
  const gone = error instanceof ApiError && error.status === 404;
  const title = gone ? `Cannot find ${what}` : `Cannot read ${what}`;
  return (
    <Notice
      tone="bad"
      icon={gone ? <SearchX /> : <CloudOff />}
      title={title}
      action={
        gone ? (
          <LinkButton href="/">Go to the projects</LinkButton>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      {reasonOf(error)}
    </Notice>
  );
}

import { Bomb } from 'lucide-react';
import { Component, type ReactNode } from 'react';

import { useSay, useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { Notice } from '../kit/Notice';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
}

/** A mistake of ours ends here, not in a white page. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <Stopped error={error} /> : this.props.children;
  }
}

function Stopped({ error }: { readonly error: Error }) {
  const { t } = useTranslation(['errors', 'common']);
  const say = useSay();
  return (
    <Notice
      tone="bad"
      icon={<Bomb />}
      title={t('stopped')}
      action={
        <>
          <Button variant="primary" onClick={() => location.reload()}>
            {t('reload')}
          </Button>
          <Button onClick={() => location.assign('/')}>{t('common:goToProjects')}</Button>
        </>
      }
    >
      {t('stoppedDetail', { reason: say(error) })}
    </Notice>
  );
}

import { Bomb } from 'lucide-react';
import { Component, type ReactNode } from 'react';

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
    if (!error) return this.props.children;
    return (
      <Notice
        tone="bad"
        icon={<Bomb />}
        title="This page stopped working"
        action={
          <>
            <Button variant="primary" onClick={() => location.reload()}>
              Reload the page
            </Button>
            <Button onClick={() => location.assign('/')}>Go to the projects</Button>
          </>
        }
      >
        Masks that you accepted are safe: they are saved, or wait in this browser. If it happens again, report
        this message: {error.message}
      </Notice>
    );
  }
}

import { DatabaseZap } from 'lucide-react';

import { reasonOf } from '../../api/errors';
import { Button } from '../kit/Button';
import { Notice } from '../kit/Notice';

/** Without its own storage the page would lose masks when the server is away: better not to start at all. */
export function StartFailure({ error }: { readonly error: unknown }) {
  return (
    <Notice
      tone="bad"
      icon={<DatabaseZap />}
      title="This browser does not let Maskloop store data"
      action={
        <Button variant="primary" onClick={() => location.reload()}>
          Try again
        </Button>
      }
    >
      Accepted masks are kept on this computer until the server has them. Leave private browsing, or allow
      site data and free some disk space, then try again. The browser says: {reasonOf(error)}
    </Notice>
  );
}

import { SearchX } from 'lucide-react';
import { Route, Switch } from 'wouter';

import { useTranslation } from '../../i18n';
import { AnnotatePage } from '../annotate/AnnotatePage';
import { LinkButton } from '../kit/Button';
import { Notice } from '../kit/Notice';
import { ToastList } from '../kit/ToastList';
import { TooltipLayer } from '../kit/Tooltip';
import { ProjectPage } from '../project/ProjectPage';
import { ProjectsPage } from '../projects/ProjectsPage';
import { useServices } from './services';

export function App() {
  const { toasts } = useServices();
  const { t } = useTranslation('common');
  return (
    <>
      <Switch>
        <Route path="/">
          <ProjectsPage />
        </Route>
        <Route path="/projects/:projectId">
          {({ projectId }) => <ProjectPage key={projectId} projectId={Number(projectId)} />}
        </Route>
        <Route path="/projects/:projectId/images/:imageId">
          {({ projectId, imageId }) => (
            <AnnotatePage key={projectId} projectId={Number(projectId)} imageId={Number(imageId)} />
          )}
        </Route>
        <Route>
          <Notice
            icon={<SearchX />}
            title={t('noSuchPage')}
            action={<LinkButton href="/">{t('goToProjects')}</LinkButton>}
          />
        </Route>
      </Switch>
      <ToastList toasts={toasts} />
      <TooltipLayer />
    </>
  );
}

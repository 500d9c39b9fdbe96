import { useQuery } from '@tanstack/react-query';
import { FolderPlus, Plus } from 'lucide-react';
import { useState } from 'react';

import type { Project } from '../../api/types';
import { useTranslation } from '../../i18n';
import { LoadError } from '../app/LoadError';
import { projectsQuery } from '../app/queries';
import { Shell } from '../app/Shell';
import { useTitle } from '../app/useTitle';
import { Button } from '../kit/Button';
import { Notice } from '../kit/Notice';
import { Skeleton } from '../kit/Skeleton';
import { CreateProjectDialog } from './CreateProjectDialog';
import { ProjectCard } from './ProjectCard';
import styles from './ProjectsPage.module.css';

export function ProjectsPage() {
  const { t } = useTranslation('projects');
  useTitle(t('title'));
  const [creating, setCreating] = useState(false);
  const open = () => setCreating(true);
  const button = (
    <Button variant="primary" icon={<Plus />} onClick={open}>
      {t('create')}
    </Button>
  );
  return (
    <Shell title={<h1>{t('title')}</h1>} actions={button}>
      <ProjectList empty={button} />
      {creating && <CreateProjectDialog onClose={() => setCreating(false)} />}
    </Shell>
  );
}

function ProjectList({ empty }: { readonly empty: React.ReactNode }) {
  const { t } = useTranslation('projects');
  const { data, error, refetch } = useQuery(projectsQuery);
  if (error && !data)
    return <LoadError title={t('unreadable')} error={error} onRetry={() => void refetch()} />;
  if (data?.length === 0) {
    return (
      <Notice icon={<FolderPlus />} title={t('emptyTitle')} action={empty}>
        {t('empty')}
      </Notice>
    );
  }
  return (
    <div className={styles.grid} aria-busy={!data}>
      {data ? data.map(card) : <Skeleton count={4} className={styles.skeleton} />}
    </div>
  );
}

const card = (project: Project) => <ProjectCard key={project.id} project={project} />;

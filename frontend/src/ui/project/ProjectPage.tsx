import { useQuery } from '@tanstack/react-query';
import { Download, Settings2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';

import { exportUrl, type ExportForm } from '../../api/projects';
import type { Project } from '../../api/types';
import { useFormats, useTranslation } from '../../i18n';
import { decoderOf } from '../annotate/desk';
import { LoadError } from '../app/LoadError';
import { modelQuery, modelsQuery, projectQuery } from '../app/queries';
import { useServices } from '../app/services';
import { Shell } from '../app/Shell';
import { useLiveProject } from '../app/useLiveProject';
import { useTitle } from '../app/useTitle';
import { Button } from '../kit/Button';
import { Menu, MenuAction } from '../kit/Menu';
import { DropTarget } from './DropTarget';
import { ImageGrid } from './ImageGrid';
import styles from './ProjectPage.module.css';
import { SettingsDialog } from './SettingsDialog';
import { UploadButton } from './UploadButton';
import { UploadPanel } from './UploadPanel';

export function ProjectPage({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation('project');
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  const { uploads } = useServices();
  useTitle(project?.name);
  useLiveProject(projectId);
  useWarmModel(projectId);
  const onFiles = (files: File[]) => uploads.add(projectId, files);
  const uploadButton = <UploadButton onFiles={onFiles} />;
  if (error && !project) {
    return (
      <Shell title={<h1>{t('title')}</h1>}>
        <LoadError
          title={t('unreadable')}
          missing={t('notFound')}
          error={error}
          onRetry={() => void refetch()}
        />
      </Shell>
    );
  }
  return (
    <Shell
      title={<ProjectTitle project={project} />}
      actions={project && <Actions project={project} upload={uploadButton} />}
    >
      <DropTarget onFiles={onFiles}>
        <ImageGrid projectId={projectId} uploadButton={uploadButton} />
      </DropTarget>
      <UploadPanel projectId={projectId} />
    </Shell>
  );
}

function ProjectTitle({ project }: { readonly project: Project | undefined }) {
  const { t } = useTranslation('projects');
  return (
    <>
      <Link href="/">{t('title')}</Link>
      <span aria-hidden>/</span>
      <h1>{project?.name ?? '…'}</h1>
      {project && <Facts project={project} />}
      {project?.next_model && <NextModel project={project} />}
    </>
  );
}

/** The model that the project waits for: seen without opening the settings. */
function NextModel({ project }: { readonly project: Project }) {
  const { t } = useTranslation('project');
  const { percent } = useFormats();
  const { data: entries } = useQuery(modelsQuery(project.id));
  const entry = entries?.find(({ name }) => name === project.next_model);
  if (!entry) return null;
  const { title: model, state, progress, error } = entry;
  const share = percent(progress);
  const fetching = progress > 0 ? t('fetchingShare', { model, share }) : t('fetching', { model });
  return (
    <span className={styles.next} data-state={state} title={error ?? undefined}>
      {state === 'failed' ? t('fetchFailed', { model }) : fetching}
    </span>
  );
}

function Facts({ project }: { readonly project: Project }) {
  const { t } = useTranslation(['project', 'common']);
  const { image_count, annotation_count, embedded_count } = project;
  const parts = [
    t('common:images', { count: image_count }),
    t('common:masks', { count: annotation_count }),
    embedded_count < image_count && t('prepared', { count: embedded_count }),
  ];
  return <span className={styles.counts}>{parts.filter(Boolean).join(' · ')}</span>;
}

function Actions({ project, upload }: { readonly project: Project; readonly upload: React.ReactNode }) {
  const { t } = useTranslation('project');
  const [editing, setEditing] = useState(false);
  const download = (form: ExportForm) => () => location.assign(exportUrl(project.id, form));
  return (
    <>
      <Button variant="quiet" icon={<Settings2 />} onClick={() => setEditing(true)}>
        {t('settings')}
      </Button>
      <Menu trigger={<Button icon={<Download />}>{t('export.title')}</Button>}>
        <MenuAction label={t('export.rle')} detail={t('export.rleDetail')} onSelect={download('rle')} />
        <MenuAction
          label={t('export.polygons')}
          detail={t('export.polygonsDetail')}
          onSelect={download('polygon')}
        />
      </Menu>
      {upload}
      {editing && <SettingsDialog project={project} onClose={() => setEditing(false)} />}
    </>
  );
}

/** The network loads while the grid is looked at, so that the first image opens onto a ready model. */
function useWarmModel(projectId: number): void {
  const { inference } = useServices();
  const { data: model } = useQuery(modelQuery(projectId));
  useEffect(() => {
    if (model) inference.preload(decoderOf(model));
  }, [inference, model]);
}

import { useQuery } from '@tanstack/react-query';
import { Download, Settings2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'wouter';

import { exportUrl, type ExportForm } from '../../api/projects';
import type { Project } from '../../api/types';
import { decoderOf } from '../annotate/desk';
import { LoadError } from '../app/LoadError';
import { modelQuery, modelsQuery, projectQuery } from '../app/queries';
import { useServices } from '../app/services';
import { Shell } from '../app/Shell';
import { useLiveProject } from '../app/useLiveProject';
import { useTitle } from '../app/useTitle';
import { Button } from '../kit/Button';
import { Menu, MenuAction } from '../kit/Menu';
import { count } from '../kit/text';
import { DropTarget } from './DropTarget';
import { ImageGrid } from './ImageGrid';
import styles from './ProjectPage.module.css';
import { SettingsDialog } from './SettingsDialog';
import { UploadButton } from './UploadButton';
import { UploadPanel } from './UploadPanel';

export function ProjectPage({ projectId }: { readonly projectId: number }) {
  const { data: project, error, refetch } = useQuery(projectQuery(projectId));
  const { uploads } = useServices();
  useTitle(project?.name);
  useLiveProject(projectId);
  useWarmModel(projectId);
  const onFiles = (files: File[]) => uploads.add(projectId, files);
  const uploadButton = <UploadButton onFiles={onFiles} />;
  if (error && !project) {
    return (
      <Shell title={<h1>Project</h1>}>
        <LoadError what="this project" error={error} onRetry={() => void refetch()} />
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
  return (
    <>
      <Link href="/">Projects</Link>
      <span aria-hidden>/</span>
      <h1>{project?.name ?? '…'}</h1>
      {project && <span className={styles.counts}>{facts(project)}</span>}
      {project?.next_model && <NextModel project={project} />}
    </>
  );
}

/** The model that the project waits for: seen without opening the settings. */
function NextModel({ project }: { readonly project: Project }) {
  const { data: entries } = useQuery(modelsQuery(project.id));
  const entry = entries?.find(({ name }) => name === project.next_model);
  if (!entry) return null;
  const { title, state, progress, error } = entry;
  return (
    <span className={styles.next} data-state={state} title={error ?? undefined}>
      {state === 'failed'
        ? `${title} could not be fetched: see Settings`
        : `Fetching ${title}${share(progress)}`}
    </span>
  );
}

const share = (progress: number) => (progress > 0 ? `, ${Math.round(progress * 100)} %` : '');

function facts({ image_count, annotation_count, embedded_count }: Project): string {
  const parts = [
    count(image_count, 'image'),
    count(annotation_count, 'mask'),
    embedded_count < image_count && `${embedded_count} prepared`,
  ];
  return parts.filter(Boolean).join(' · ');
}

function Actions({ project, upload }: { readonly project: Project; readonly upload: React.ReactNode }) {
  const [editing, setEditing] = useState(false);
  const download = (form: ExportForm) => () => location.assign(exportUrl(project.id, form));
  return (
    <>
      <Button variant="quiet" icon={<Settings2 />} onClick={() => setEditing(true)}>
        Settings
      </Button>
      <Menu trigger={<Button icon={<Download />}>Export</Button>}>
        <MenuAction label="COCO (RLE)" detail="Exact masks, small file" onSelect={download('rle')} />
        <MenuAction
          label="COCO (polygons)"
          detail="For tools that read outlines only"
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

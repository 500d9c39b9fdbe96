import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';

import { changeProject, deleteProject } from '../../api/projects';
import type { Project } from '../../api/types';
import { useSay, useTranslation } from '../../i18n';
import { projectQuery, projectsQuery } from '../app/queries';
import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import { CategoryEditor } from './CategoryEditor';
import { ModelSection } from './ModelSection';
import styles from './SettingsDialog.module.css';

interface SettingsDialogProps {
  readonly project: Project;
  readonly onClose: () => void;
}

export function SettingsDialog({ project, onClose }: SettingsDialogProps) {
  const { t } = useTranslation('project');
  return (
    <Dialog title={t('edit.title')} onClose={onClose} wide>
      <div className={styles.sections}>
        <RenameForm project={project} />
        <CategoryEditor project={project} />
        <ModelSection project={project} />
        <Removal project={project} />
      </div>
    </Dialog>
  );
}

function RenameForm({ project }: { readonly project: Project }) {
  const { t } = useTranslation('project');
  const say = useSay();
  const queries = useQueryClient();
  const [name, setName] = useState(project.name);
  const rename = useMutation({
    mutationFn: () => changeProject(project.id, { name: name.trim() }),
    onSuccess: (renamed) => queries.setQueryData(projectQuery(project.id).queryKey, renamed),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <form className={styles.rename} onSubmit={submit}>
      <Field
        label={t('edit.name')}
        value={name}
        maxLength={200}
        required
        error={rename.error && say(rename.error)}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={!name.trim() || name.trim() === project.name || rename.isPending}>
        {t('edit.rename')}
      </Button>
    </form>
  );
}

function Removal({ project }: { readonly project: Project }) {
  const [confirming, setConfirming] = useState(false);
  const removal = useRemoval(project.id);
  const { t } = useTranslation(['project', 'common']);
  const { name, image_count, annotation_count } = project;
  return (
    <div className={styles.removal}>
      <p>{t('edit.removal', { name })}</p>
      <Button variant="danger" onClick={() => setConfirming(true)}>
        {t('edit.delete')}
      </Button>
      {confirming && (
        <ConfirmDialog
          title={t('edit.deleteTitle', { name })}
          action={t('edit.deleteAction')}
          onConfirm={() => removal.mutate()}
          onClose={() => setConfirming(false)}
        >
          {t('edit.deleteText', {
            images: t('common:images', { count: image_count }),
            masks: t('common:masks', { count: annotation_count }),
          })}
          <UnsentChanges projectId={project.id} />
        </ConfirmDialog>
      )}
    </div>
  );
}

/** What the server does not have yet goes with the project, too. */
function UnsentChanges({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation('durability');
  const { outbox } = useServices();
  const { data: count = 0 } = useQuery({
    queryKey: ['unsent', projectId],
    queryFn: () => outbox.countOfProject(projectId),
    gcTime: 0,
  });
  return count > 0 && <strong> {t('unsentGo', { count })}</strong>;
}

function useRemoval(projectId: number) {
  const queries = useQueryClient();
  const { toasts, desk } = useServices();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: () => deleteProject(projectId),
    onSuccess: () => {
      void desk.forgetProject(projectId);
      void queries.invalidateQueries(projectsQuery);
      navigate('/');
    },
    onError: (error) => toasts.bad({ key: 'project:edit.stays', values: { reason: error } }),
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';

import { changeProject, deleteProject } from '../../api/projects';
import type { Project } from '../../api/types';
import { projectQuery, projectsQuery } from '../app/queries';
import { useServices } from '../app/services';
import { Button } from '../kit/Button';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import { count } from '../kit/text';
import { CategoryEditor } from './CategoryEditor';
import { ModelSection } from './ModelSection';
import styles from './SettingsDialog.module.css';

interface SettingsDialogProps {
  readonly project: Project;
  readonly onClose: () => void;
}

export function SettingsDialog({ project, onClose }: SettingsDialogProps) {
  return (
    <Dialog title="Project settings" onClose={onClose} wide>
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
        label="Project name"
        value={name}
        maxLength={200}
        required
        error={rename.error?.message}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" disabled={!name.trim() || name.trim() === project.name || rename.isPending}>
        Rename
      </Button>
    </form>
  );
}

function Removal({ project }: { readonly project: Project }) {
  const [confirming, setConfirming] = useState(false);
  const removal = useRemoval(project.id);
  return (
    <div className={styles.removal}>
      <p>Deletes {project.name}, its images and its masks for good.</p>
      <Button variant="danger" onClick={() => setConfirming(true)}>
        Delete project
      </Button>
      {confirming && (
        <ConfirmDialog
          title={`Delete ${project.name}?`}
          action="Delete everything in it"
          onConfirm={() => removal.mutate()}
          onClose={() => setConfirming(false)}
        >
          {count(project.image_count, 'image')} and {count(project.annotation_count, 'mask')} are deleted for
          good. Export first if you may need them.
        </ConfirmDialog>
      )}
    </div>
  );
}

function useRemoval(projectId: number) {
  const queries = useQueryClient();
  const { toasts } = useServices();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: () => deleteProject(projectId),
    onSuccess: () => {
      void queries.invalidateQueries(projectsQuery);
      navigate('/');
    },
    onError: (error) => toasts.bad(`The project is still there: ${error.message}`),
  });
}

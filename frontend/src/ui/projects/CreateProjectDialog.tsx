import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';

import { createProject, type NewCategory } from '../../api/projects';
import { useSay, useTranslation } from '../../i18n';
import { projectQuery, projectsQuery } from '../app/queries';
import { Button } from '../kit/Button';
import { Dialog, DialogActions } from '../kit/Dialog';
import { Field } from '../kit/Field';
import { CategoryChips } from './CategoryChips';

export function CreateProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [categories, setCategories] = useState<readonly NewCategory[]>([]);
  const creation = useCreation();
  const { t } = useTranslation(['projects', 'common']);
  const say = useSay();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    creation.mutate({ name: name.trim(), categories });
  };
  return (
    <Dialog title={t('create')} onClose={onClose}>
      <form onSubmit={submit} style={{ display: 'grid', gap: 'var(--s4)' }}>
        <Field
          label={t('name')}
          value={name}
          maxLength={200}
          autoFocus
          required
          placeholder={t('namePlaceholder')}
          error={creation.error && say(creation.error)}
          onChange={(event) => setName(event.target.value)}
        />
        <CategoryChips categories={categories} onChange={setCategories} />
        <DialogActions>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!name.trim() || creation.isPending}>
            {t('confirmCreate')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function useCreation() {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (draft: { name: string; categories: readonly NewCategory[] }) =>
      createProject(draft.name, draft.categories),
    onSuccess: (project) => {
      queries.setQueryData(projectQuery(project.id).queryKey, project);
      void queries.invalidateQueries(projectsQuery);
      navigate(`/projects/${project.id}`);
    },
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState, type KeyboardEvent, type SubmitEvent } from 'react';

import { addCategory } from '../../api/projects';
import type { Category } from '../../api/types';
import type { Editor } from '../../editor/editor';
import { useSay, useTranslation } from '../../i18n';
import { projectQuery } from '../app/queries';
import { nextColor } from '../kit/palette';
import styles from './AddCategory.module.css';

interface AddCategoryProps {
  readonly editor: Editor;
  readonly projectId: number;
}

/** A row of the category panel that turns into a field: Enter adds, Escape leaves it. */
export function AddCategory({ editor, projectId }: AddCategoryProps) {
  const { t } = useTranslation('annotate');
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    // The keys belong to the canvas again.
    document.querySelector<HTMLElement>('[role=application]')?.focus({ preventScroll: true });
  };
  if (isOpen) return <NameForm editor={editor} projectId={projectId} onClose={close} />;
  return (
    <button type="button" className={styles.open} onClick={() => setOpen(true)}>
      <Plus aria-hidden />
      {t('categories.add')}
    </button>
  );
}

function NameForm({ editor, projectId, onClose }: AddCategoryProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('annotate');
  const say = useSay();
  const [name, setName] = useState('');
  const addition = useAddition(editor, projectId, onClose);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() && !addition.isPending) addition.mutate(name.trim());
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <input
        // A person has just asked for this field.
        autoFocus
        className={styles.name}
        value={name}
        maxLength={200}
        placeholder={t('categories.placeholder')}
        aria-label={t('categories.name')}
        aria-invalid={addition.error !== null}
        onChange={(event) => {
          setName(event.target.value);
          addition.reset();
        }}
        onKeyDown={leave}
        onBlur={() => name.trim() || onClose()}
      />
      {addition.error && (
        <p role="alert" className={styles.error}>
          {say(addition.error)}
        </p>
      )}
    </form>
  );
}

/** The new category is in hand, with its number key, before the project is read again. */
function useAddition(editor: Editor, projectId: number, onDone: () => void) {
  const queries = useQueryClient();
  const { queryKey } = projectQuery(projectId);
  const color = () => nextColor(editor.getSnapshot().categories.map((category) => category.color));
  const take = (created: Category) => {
    const add = (categories: readonly Category[]) => [...categories, created];
    queries.setQueryData(
      queryKey,
      (project) => project && { ...project, categories: add(project.categories) },
    );
    editor.setCategories([...editor.getSnapshot().categories, created]);
    editor.objects.setCategory(created.id);
    onDone();
  };
  return useMutation({
    mutationFn: (name: string) => addCategory(projectId, { name, color: color() }),
    onSuccess: take,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, ListChecks, Plus, Trash2 } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';

import {
  addCategory,
  type CategoryChanges,
  deleteCategory,
  editCategory,
  type NewCategory,
} from '../../api/projects';
import type { Category, Project } from '../../api/types';
import { useSay, useTranslation } from '../../i18n';
import { projectQuery } from '../app/queries';
import { IconButton } from '../kit/Button';
import { nextColor } from '../kit/palette';
import { AttributeEditor } from './AttributeEditor';
import styles from './CategoryEditor.module.css';

/** Names, colours, order and attributes of a project's categories; each edit is saved when its field is left. */
export function CategoryEditor({ project }: { readonly project: Project }) {
  const edit = useCategoryChange(project.id, ({ id, ...changes }: { id: number } & CategoryChanges) =>
    editCategory(id, changes),
  );
  const removal = useCategoryChange(project.id, deleteCategory);
  const error = edit.error ?? removal.error;
  const { t } = useTranslation('project');
  const say = useSay();
  return (
    <section className={styles.editor} aria-label={t('categories.title')}>
      <h3>{t('categories.title')}</h3>
      <ul>
        {project.categories.map((category, index) => (
          <CategoryRow
            key={category.id}
            category={category}
            place={index}
            count={project.categories.length}
            onEdit={(changes) => edit.mutate({ id: category.id, ...changes })}
            onDelete={() => removal.mutate(category.id)}
          />
        ))}
      </ul>
      <NewCategoryForm project={project} />
      {error && (
        <p role="alert" className={styles.error}>
          {say(error)}
        </p>
      )}
    </section>
  );
}

/** A change to a category; the project is read again after it. */
function useCategoryChange<Input>(projectId: number, change: (input: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries(projectQuery(projectId)),
  });
}

interface CategoryRowProps {
  readonly category: Category;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  readonly onEdit: (changes: CategoryChanges) => void;
  readonly onDelete: () => void;
}

function CategoryRow({ category, place, count, onEdit, onDelete }: CategoryRowProps) {
  const [name, setName] = useState(category.name);
  const [color, setColor] = useState(category.color);
  const [isOpen, setOpen] = useState(false);
  const { t } = useTranslation('project');
  const saveName = () => {
    const wanted = name.trim();
    if (wanted && wanted !== category.name) onEdit({ name: wanted });
    else setName(category.name);
  };
  return (
    <li className={styles.row}>
      <input
        type="color"
        className={styles.color}
        value={color}
        aria-label={t('categories.color', { name: category.name })}
        onChange={(event) => setColor(event.target.value)}
        onBlur={() => color !== category.color && onEdit({ color })}
      />
      <input
        className={styles.name}
        value={name}
        maxLength={200}
        aria-label={t('categories.name', { name: category.name })}
        onChange={(event) => setName(event.target.value)}
        onBlur={saveName}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      {place < 9 && <kbd>{place + 1}</kbd>}
      <IconButton
        label={t('attributes.of', { name: category.name })}
        pressed={isOpen}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <ListChecks />
      </IconButton>
      <IconButton
        label={t('categories.up', { name: category.name })}
        disabled={place === 0}
        onClick={() => onEdit({ position: place - 1 })}
      >
        <ChevronUp />
      </IconButton>
      <IconButton
        label={t('categories.down', { name: category.name })}
        disabled={place === count - 1}
        onClick={() => onEdit({ position: place + 1 })}
      >
        <ChevronDown />
      </IconButton>
      <IconButton label={t('deleteNamed', { name: category.name })} onClick={onDelete}>
        <Trash2 />
      </IconButton>
      {isOpen && <AttributeEditor category={category} onChange={(attributes) => onEdit({ attributes })} />}
    </li>
  );
}

function NewCategoryForm({ project }: { readonly project: Project }) {
  const { t } = useTranslation('project');
  const say = useSay();
  const [name, setName] = useState('');
  const addition = useCategoryChange(project.id, (category: NewCategory) =>
    addCategory(project.id, category),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    const color = nextColor(project.categories.map((category) => category.color));
    addition.mutate({ name: name.trim(), color }, { onSuccess: () => setName('') });
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <input
        className={styles.name}
        value={name}
        maxLength={200}
        placeholder={t('categories.new')}
        aria-label={t('categories.new')}
        onChange={(event) => setName(event.target.value)}
      />
      <IconButton label={t('categories.add')} type="submit" disabled={!name.trim() || addition.isPending}>
        <Plus />
      </IconButton>
      {addition.error && (
        <p role="alert" className={styles.error}>
          {say(addition.error)}
        </p>
      )}
    </form>
  );
}

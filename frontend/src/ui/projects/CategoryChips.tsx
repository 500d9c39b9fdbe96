import { X } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';

import type { NewCategory } from '../../api/projects';
import { useTranslation } from '../../i18n';
import { nextColor } from '../kit/palette';
import styles from './CategoryChips.module.css';

interface CategoryChipsProps {
  readonly categories: readonly NewCategory[];
  readonly onChange: (categories: readonly NewCategory[]) => void;
}

/** Keys that end a category as Enter does: the commas of our languages. */
const SEPARATORS = new Set([',', '，', '、']);

/** Type, Enter, type, Enter: one chip a category; a pasted list is split at its commas. */
export function CategoryChips({ categories, onChange }: CategoryChipsProps) {
  const [draft, setDraft] = useState('');
  const id = useId();
  const { t } = useTranslation('projects');
  const commit = () => {
    onChange(draft.split(/[,，、]/).reduce(withCategory, categories));
    setDraft('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Backspace' && draft === '') onChange(categories.slice(0, -1));
    if ((event.key !== 'Enter' && !SEPARATORS.has(event.key)) || !draft.trim()) return;
    event.preventDefault();
    commit();
  };
  return (
    <div className={styles.root}>
      <label htmlFor={id}>{t('categories')}</label>
      <div className={styles.box}>
        {categories.map((category) => (
          <Chip
            key={category.name}
            category={category}
            onRemove={() => onChange(categories.filter((other) => other !== category))}
          />
        ))}
        <input
          id={id}
          value={draft}
          placeholder={categories.length === 0 ? t('categoriesPlaceholder') : ''}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={commit}
        />
      </div>
    </div>
  );
}

/** Adds one typed category, unless it is empty or there already. */
function withCategory(categories: readonly NewCategory[], typed: string): readonly NewCategory[] {
  const name = typed.trim();
  if (!name || categories.some((category) => category.name === name)) return categories;
  return [...categories, { name, color: nextColor(categories.map(({ color }) => color)) }];
}

function Chip({ category, onRemove }: { readonly category: NewCategory; readonly onRemove: () => void }) {
  const { t } = useTranslation('projects');
  return (
    <span className={styles.chip}>
      <i style={{ background: category.color }} />
      {category.name}
      <button type="button" aria-label={t('removeCategory', { name: category.name })} onClick={onRemove}>
        <X aria-hidden />
      </button>
    </span>
  );
}

import { Trash2 } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';

import { colorOf } from '../../editor/color';
import type { Editor } from '../../editor/editor';
import type { Annotation, Category } from '../../editor/model';
import { useTranslation } from '../../i18n';
import { RefusalBadge } from '../app/RefusalBadge';
import { IconButton } from '../kit/Button';
import styles from './AnnotationList.module.css';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

export function AnnotationList({ editor }: { readonly editor: Editor }) {
  const { t } = useTranslation('annotate');
  const annotations = useEditorPart(editor, (snapshot) => snapshot.annotations);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const selection = useEditorPart(editor, (snapshot) => snapshot.selection);
  const hoveredId = useEditorPart(editor, (snapshot) => snapshot.hoveredId);
  return (
    <section className={panel.section} aria-label={t('masks.title')}>
      <h2 className={panel.heading}>
        {t('masks.title')} <span>{annotations.length}</span>
      </h2>
      {annotations.length === 0 && <p className={panel.hint}>{t('masks.hint')}</p>}
      <ol className={styles.list} onPointerLeave={() => editor.objects.hover(null)}>
        {annotations.map((annotation, index) => (
          <AnnotationRow
            key={annotation.id}
            annotation={annotation}
            number={index + 1}
            categories={categories}
            editor={editor}
            isSelected={selection.includes(annotation.id)}
            isHovered={annotation.id === hoveredId}
          />
        ))}
      </ol>
    </section>
  );
}

interface AnnotationRowProps {
  readonly annotation: Annotation;
  readonly number: number;
  readonly categories: readonly Category[];
  readonly editor: Editor;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
}

/** Drawn anew only when something about this one mask changes. */
const AnnotationRow = memo(function AnnotationRow(props: AnnotationRowProps) {
  const { annotation, number, categories, editor, isSelected, isHovered } = props;
  const { t } = useTranslation('annotate');
  const { id, categoryId, mask } = annotation;
  const row = useRef<HTMLLIElement>(null);
  const category = categories.find((candidate) => candidate.id === categoryId);
  const categoryName = category?.name ?? t('noCategory');
  const name = `${number} ${categoryName}`;
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  return (
    <li
      ref={row}
      className={styles.row}
      data-selected={isSelected}
      data-hovered={isHovered}
      onPointerEnter={() => editor.objects.hover(id)}
    >
      <button
        type="button"
        className={styles.select}
        aria-pressed={isSelected}
        onClick={() => editor.select(isSelected ? [] : [id])}
      >
        <i style={{ background: colorOf(annotation, categories) }} aria-hidden />
        <span className={styles.number}>{number}</span>
        <span className={styles.name}>{categoryName}</span>
        <span className={styles.area}>{t('masks.area', { area: mask.area })}</span>
      </button>
      {isSelected && (
        <CategorySelect annotation={annotation} categories={categories} editor={editor} name={name} />
      )}
      <span className={styles.refused}>
        <RefusalBadge annotationId={id} />
      </span>
      <span className={styles.remove}>
        <IconButton label={t('masks.delete', { name })} onClick={() => editor.objects.delete([id])}>
          <Trash2 />
        </IconButton>
      </span>
    </li>
  );
});

type CategorySelectProps = Pick<AnnotationRowProps, 'annotation' | 'categories' | 'editor'> & {
  readonly name: string;
};

function CategorySelect({ annotation, categories, editor, name }: CategorySelectProps) {
  const { t } = useTranslation('annotate');
  const { id, categoryId } = annotation;
  return (
    <select
      className={styles.category}
      aria-label={t('masks.category', { name })}
      value={categoryId ?? ''}
      onChange={({ target }) => editor.objects.recategorise([id], target.value ? Number(target.value) : null)}
    >
      <option value="">{t('noCategory')}</option>
      {categories.map((category) => (
        <option key={category.id} value={category.id}>
          {category.name}
        </option>
      ))}
    </select>
  );
}

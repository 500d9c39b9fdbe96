import { Trash2, TriangleAlert } from 'lucide-react';
import { memo, useEffect, useRef, useSyncExternalStore } from 'react';

import { colorOf } from '../../editor/color';
import type { Editor } from '../../editor/editor';
import type { Annotation, Category } from '../../editor/model';
import { useServices } from '../app/services';
import { IconButton } from '../kit/Button';
import styles from './AnnotationList.module.css';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

export function AnnotationList({ editor }: { readonly editor: Editor }) {
  const annotations = useEditorPart(editor, (snapshot) => snapshot.annotations);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const selection = useEditorPart(editor, (snapshot) => snapshot.selection);
  const hoveredId = useEditorPart(editor, (snapshot) => snapshot.hoveredId);
  const refusals = useRefusals();
  return (
    <section className={panel.section} aria-label="Masks">
      <h2 className={panel.heading}>
        Masks <span>{annotations.length}</span>
      </h2>
      {annotations.length === 0 && (
        <p className={panel.hint}>Masks that you accept with Enter are listed here.</p>
      )}
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
            refusal={refusals.get(annotation.id)}
          />
        ))}
      </ol>
    </section>
  );
}

/** Why the server refused a change, by annotation. */
function useRefusals(): ReadonlyMap<string, string | undefined> {
  const { outbox } = useServices();
  const { rejected } = useSyncExternalStore(outbox.subscribe, outbox.getState);
  return new Map(rejected.map(({ mutation, rejection }) => [mutation.annotationId, rejection?.reason]));
}

interface AnnotationRowProps {
  readonly annotation: Annotation;
  readonly number: number;
  readonly categories: readonly Category[];
  readonly editor: Editor;
  readonly isSelected: boolean;
  readonly isHovered: boolean;
  readonly refusal: string | undefined;
}

/** Drawn anew only when something about this one mask changes. */
const AnnotationRow = memo(function AnnotationRow(props: AnnotationRowProps) {
  const { annotation, number, categories, editor, isSelected, isHovered, refusal } = props;
  const { id, categoryId, mask } = annotation;
  const row = useRef<HTMLLIElement>(null);
  const category = categories.find((candidate) => candidate.id === categoryId);
  const name = `${number} ${category?.name ?? 'No category'}`;
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
        <span className={styles.name}>{category?.name ?? 'No category'}</span>
        {refusal !== undefined && (
          <TriangleAlert aria-label="Refused by the server" className={styles.refused} />
        )}
        <span className={styles.area}>{mask.area.toLocaleString('en')} px</span>
      </button>
      {isSelected && (
        <CategorySelect annotation={annotation} categories={categories} editor={editor} name={name} />
      )}
      <span className={styles.remove}>
        <IconButton label={`Delete mask ${name}`} onClick={() => editor.objects.delete([id])}>
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
  const { id, categoryId } = annotation;
  return (
    <select
      className={styles.category}
      aria-label={`Category of mask ${name}`}
      value={categoryId ?? ''}
      onChange={({ target }) => editor.objects.recategorise([id], target.value ? Number(target.value) : null)}
    >
      <option value="">No category</option>
      {categories.map((category) => (
        <option key={category.id} value={category.id}>
          {category.name}
        </option>
      ))}
    </select>
  );
}

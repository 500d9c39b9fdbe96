import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { cx } from '../kit/cx';
import { AddCategory } from './AddCategory';
import styles from './CategoryPanel.module.css';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

interface CategoryPanelProps {
  readonly editor: Editor;
  readonly projectId: number;
}

/** The category of the next mask, or of the selected one. */
export function CategoryPanel({ editor, projectId }: CategoryPanelProps) {
  const { t } = useTranslation('annotate');
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const categoryId = useEditorPart(editor, (snapshot) => snapshot.categoryId);
  const selected = useEditorPart(editor, ({ annotations, selection }) =>
    annotations.find(({ id }) => id === selection.at(-1)),
  );
  const current = selected ? selected.categoryId : categoryId;
  const choices = [...categories, { id: null, name: t('noCategory'), color: null }];
  return (
    <section className={cx(panel.section, styles.section)} aria-label={t('categories.title')}>
      <h2 className={panel.heading}>{selected ? t('categories.ofSelected') : t('categories.ofNext')}</h2>
      <div role="radiogroup" aria-label={t('categories.category')} className={styles.list}>
        {choices.map(({ id, name, color }, index) => (
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={id === current}
            className={styles.choice}
            onClick={() => editor.objects.setCategory(id)}
          >
            <i
              style={color === null ? undefined : { background: color }}
              data-none={color === null}
              aria-hidden
            />
            <span>{name}</span>
            <Key number={id === null ? 0 : index + 1} />
          </button>
        ))}
      </div>
      <AddCategory editor={editor} projectId={projectId} />
    </section>
  );
}

function Key({ number }: { readonly number: number }) {
  return number <= 9 ? <kbd aria-hidden>{number}</kbd> : null;
}

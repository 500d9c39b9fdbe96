import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useQuery } from '@tanstack/react-query';
import { Pencil } from 'lucide-react';
import { useEffect, useState } from 'react';

import type { Editor } from '../../editor/editor';
import type { EditorSnapshot } from '../../editor/model';
import { useTranslation } from '../../i18n';
import { projectQuery } from '../app/queries';
import { IconButton } from '../kit/Button';
import { cx } from '../kit/cx';
import { Dialog } from '../kit/Dialog';
import { CategoryEditor } from '../project/CategoryEditor';
import { CategoryFinder } from './CategoryFinder';
import styles from './CategoryPanel.module.css';
import { noteCategory } from './recentCategories';
import panel from './SidePanel.module.css';
import { Swatch } from './Swatch';
import { useEditorPart } from './useEditorPart';

interface CategoryPanelProps {
  readonly editor: Editor;
  readonly projectId: number;
}

/** A radio button has text as its value. */
const NO_CATEGORY = 'none';

/** The category of the next mask, or of the selected ones. Keys go by place: a key means the same all day. */
export function CategoryPanel({ editor, projectId }: CategoryPanelProps) {
  const { t } = useTranslation('annotate');
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const hasSelection = useEditorPart(editor, ({ selection }) => selection.length > 0);
  const current = useEditorPart(editor, categoryInHand);
  useEffect(() => {
    if (typeof current === 'number') noteCategory(projectId, current);
  }, [projectId, current]);
  const choose = (value: string) => editor.objects.setCategory(value === NO_CATEGORY ? null : Number(value));
  return (
    <section className={cx(panel.section, styles.section)} aria-label={t('categories.title')} data-region>
      <header className={styles.header}>
        <h2>{hasSelection ? t('categories.ofSelected') : t('categories.ofNext')}</h2>
        <EditCategories projectId={projectId} />
      </header>
      <CategoryFinder editor={editor} projectId={projectId} />
      <RadioGroup
        aria-label={t('categories.category')}
        className={styles.list}
        value={current === undefined ? '' : String(current ?? NO_CATEGORY)}
        onValueChange={choose}
      >
        {categories.map(({ id, name, color }, place) => (
          <Radio.Root key={id} value={String(id)} className={styles.choice}>
            <Swatch color={color} place={place} />
            <span>{name}</span>
            {place < 9 && <kbd aria-hidden>{place + 1}</kbd>}
          </Radio.Root>
        ))}
        <Radio.Root value={NO_CATEGORY} className={styles.choice}>
          <Swatch color={null} />
          <span>{t('noCategory')}</span>
          <kbd aria-hidden>0</kbd>
        </Radio.Root>
      </RadioGroup>
    </section>
  );
}

/** Of the selected masks, else of the next one; undefined where the selected ones differ. */
function categoryInHand({ annotations, selection, categoryId }: EditorSnapshot): number | null | undefined {
  if (selection.length === 0) return categoryId;
  const selected = new Set(selection);
  const [first, ...others] = annotations.filter(({ id }) => selected.has(id));
  return others.every((other) => other.categoryId === first?.categoryId) ? first?.categoryId : undefined;
}

/** Names, colours, order and attributes, without leaving the image. */
function EditCategories({ projectId }: { readonly projectId: number }) {
  const { t } = useTranslation('annotate');
  const [isOpen, setOpen] = useState(false);
  const { data: project } = useQuery(projectQuery(projectId));
  return (
    <>
      <IconButton label={t('categories.edit')} onClick={() => setOpen(true)}>
        <Pencil />
      </IconButton>
      {isOpen && project && (
        <Dialog title={t('categories.title')} onClose={() => setOpen(false)} wide>
          <CategoryEditor project={project} />
        </Dialog>
      )}
    </>
  );
}

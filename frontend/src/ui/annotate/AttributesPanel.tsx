import { type KeyboardEvent, useMemo } from 'react';

import type { Editor } from '../../editor/editor';
import type { Annotation, AttributeValue } from '../../editor/model';
import { useTranslation } from '../../i18n';
import { isPopupOpen } from '../kit/popups';
import { attributeFields } from './attributeFields';
import { AttributeInput } from './AttributeInput';
import styles from './AttributesPanel.module.css';
import { focusCanvas } from './focusCanvas';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

/** What the selected masks say beside their shape; nothing where their categories ask nothing. */
export function AttributesPanel({ editor }: { readonly editor: Editor }) {
  const { t } = useTranslation('objects');
  const { selected, isLocked } = useSelected(editor);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const fields = attributeFields(selected, categories);
  if (fields.length === 0) return null;
  const ids = selected.map(({ id }) => id);
  const set = (name: string, value: AttributeValue | null) => editor.objects.setAttribute(ids, name, value);
  return (
    <section
      className={panel.section}
      aria-label={t('attributes.title')}
      data-region
      onKeyDown={leaveOnEscape}
    >
      <h2 className={panel.heading}>{t('attributes.title')}</h2>
      <div className={styles.fields}>
        {fields.map(({ definition, said }) => (
          <AttributeInput
            key={`${definition.name} ${ids.join(' ')}`}
            definition={definition}
            said={said}
            disabled={isLocked}
            onChange={(value) => set(definition.name, value)}
          />
        ))}
      </div>
    </section>
  );
}

/** The selected masks, and whether none of them may be changed. */
function useSelected(editor: Editor): { selected: readonly Annotation[]; isLocked: boolean } {
  const annotations = useEditorPart(editor, (snapshot) => snapshot.annotations);
  const selection = useEditorPart(editor, (snapshot) => snapshot.selection);
  const locked = useEditorPart(editor, (snapshot) => snapshot.locked);
  return useMemo(() => {
    const ids = new Set(selection);
    const selected = ids.size > 0 ? annotations.filter(({ id }) => ids.has(id)) : [];
    return { selected, isLocked: selection.every((id) => locked.has(id)) };
  }, [annotations, selection, locked]);
}

function leaveOnEscape(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || isPopupOpen()) return;
  event.preventDefault();
  focusCanvas();
}

import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { AttributesPanel } from './AttributesPanel';
import { CategoryPanel } from './CategoryPanel';
import { DeleteQuestion } from './DeleteQuestion';
import type { Sheet } from './desk';
import { LadderPanel } from './LadderPanel';
import { ObjectList, useListView } from './ObjectList';
import styles from './SidePanel.module.css';
import { useEditorPreferences } from './useEditorPreferences';

export function SidePanel({ sheet }: { readonly sheet: Sheet | null }) {
  const { t } = useTranslation('annotate');
  const { view, change } = useListView();
  return (
    <aside className={styles.panel} aria-label={t('panel')} aria-busy={!sheet}>
      {sheet && (
        <>
          <CategoryPanel editor={sheet.editor} projectId={sheet.image.project_id} />
          <LadderPanel sheet={sheet} />
          <AttributesPanel editor={sheet.editor} />
          <ObjectList editor={sheet.editor} imageId={sheet.image.id} view={view} onView={change} />
          <DeleteQuestion editor={sheet.editor} />
          <Preferences editor={sheet.editor} />
        </>
      )}
    </aside>
  );
}

function Preferences({ editor }: { readonly editor: Editor }) {
  useEditorPreferences(editor);
  return null;
}

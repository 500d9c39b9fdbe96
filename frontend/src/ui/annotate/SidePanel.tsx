import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { AttributesPanel } from './AttributesPanel';
import { CategoryPanel } from './CategoryPanel';
import { DeleteQuestion } from './DeleteQuestion';
import type { Sheet } from './desk';
import { LadderPanel } from './LadderPanel';
import { ObjectList, useListView } from './ObjectList';
import styles from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';
import { useEditorPreferences } from './useEditorPreferences';

export function SidePanel({ sheet }: { readonly sheet: Sheet | null }) {
  const { t } = useTranslation('annotate');
  const { view, change } = useListView();
  return (
    <aside
      id="panel"
      tabIndex={-1}
      data-region
      className={styles.panel}
      aria-label={t('panel')}
      aria-busy={!sheet}
    >
      {sheet && (
        <>
          <CategoryPanel editor={sheet.editor} projectId={sheet.image.project_id} />
          <Candidates sheet={sheet} />
          <AttributesPanel editor={sheet.editor} />
          <ObjectList editor={sheet.editor} imageId={sheet.image.id} view={view} onView={change} />
          <DeleteQuestion editor={sheet.editor} />
          <Preferences editor={sheet.editor} />
        </>
      )}
    </aside>
  );
}

/** No masks are offered to those who choose among the accepted ones: the list has the room. */
function Candidates({ sheet }: { readonly sheet: Sheet }) {
  const isSelecting = useEditorPart(sheet.editor, ({ tool }) => tool.id === 'select');
  return !isSelecting && <LadderPanel sheet={sheet} />;
}

function Preferences({ editor }: { readonly editor: Editor }) {
  useEditorPreferences(editor);
  return null;
}

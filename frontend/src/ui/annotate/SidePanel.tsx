import { useTranslation } from '../../i18n';
import { Skeleton } from '../kit/Skeleton';
import { AnnotationList } from './AnnotationList';
import { CategoryPanel } from './CategoryPanel';
import type { Sheet } from './desk';
import { LadderPanel } from './LadderPanel';
import styles from './SidePanel.module.css';

export function SidePanel({ sheet }: { readonly sheet: Sheet | null }) {
  const { t } = useTranslation('annotate');
  return (
    <aside className={styles.panel} aria-label={t('panel')} aria-busy={!sheet}>
      {sheet ? (
        <>
          <CategoryPanel editor={sheet.editor} projectId={sheet.image.project_id} />
          <LadderPanel sheet={sheet} />
          <AnnotationList editor={sheet.editor} />
        </>
      ) : (
        <div className={styles.section}>
          <Skeleton count={6} className={styles.skeleton} />
        </div>
      )}
    </aside>
  );
}

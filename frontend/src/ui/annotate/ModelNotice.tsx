import { useTranslation } from '../../i18n';
import type { Sheet } from './desk';
import styles from './Stage.module.css';
import { useNextModel, useSheetModel } from './useSheetModel';

/** The project's model has changed under the page: what becomes of the mask in the making. */
export function ModelNotice({ sheet }: { readonly sheet: Sheet | null }) {
  const { t } = useTranslation('annotate');
  const [model, next] = [useSheetModel(sheet), useNextModel(sheet)];
  if (!model || !next) return null;
  return (
    <p className={styles.notice} role="status">
      {t('modelChanged', { model: model.title, next: next.title })}
    </p>
  );
}

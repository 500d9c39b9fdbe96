import type { Sheet } from './desk';
import styles from './Stage.module.css';
import { useNextModel, useSheetModel } from './useSheetModel';

/** The project's model has changed under the page: what becomes of the mask in the making. */
export function ModelNotice({ sheet }: { readonly sheet: Sheet | null }) {
  const [model, next] = [useSheetModel(sheet), useNextModel(sheet)];
  if (!model || !next) return null;
  return (
    <p className={styles.notice} role="status">
      The project now uses {next.title}. This mask is still made by {model.title}: accept or clear it, and{' '}
      {next.title} takes over.
    </p>
  );
}

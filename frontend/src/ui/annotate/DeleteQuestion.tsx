import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { useEditorPart } from './useEditorPart';

/** Asks before masks are deleted, where a person wants to be asked. */
export function DeleteQuestion({ editor }: { readonly editor: Editor }) {
  const { t } = useTranslation('objects');
  const count = useEditorPart(editor, ({ toDelete }) => toDelete.length);
  if (count === 0) return null;
  return (
    <ConfirmDialog
      title={t('deletion.title', { count })}
      action={t('deletion.action', { count })}
      onConfirm={() => editor.objects.answer(true)}
      onClose={() => editor.objects.answer(false)}
    >
      {t('deletion.text')}
    </ConfirmDialog>
  );
}

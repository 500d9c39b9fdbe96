import { type QueryClient, useQueryClient } from '@tanstack/react-query';

import type { Project } from '../../api/types';
import { errorOf } from '../../i18n';
import { imageQuery } from '../app/queries';
import { useServices } from '../app/services';
import type { Toasts } from '../kit/toasts';
import type { Desk, Sheet } from './desk';
import type { OpenedSheet } from './useSheet';

interface Copying {
  readonly desk: Desk;
  readonly toasts: Toasts;
  readonly queries: QueryClient;
  readonly sheet: Sheet;
  readonly project: Project;
  readonly nextId: number;
}

/** Copies the selected masks to the next image, without leaving this one. Null where there is none. */
export function useCopyToNext({ sheet, image, project }: OpenedSheet): (() => void) | null {
  const { desk, toasts } = useServices();
  const queries = useQueryClient();
  const nextId = image?.next_id ?? null;
  if (!sheet || !project || nextId === null) return null;
  return () => {
    copy({ desk, toasts, queries, sheet, project, nextId }).catch((error: unknown) => {
      toasts.bad({ key: 'annotate:edit.notCopied', values: { reason: errorOf(error) } });
    });
  };
}

async function copy({ desk, toasts, queries, sheet, project, nextId }: Copying): Promise<void> {
  const { annotations, selection } = sheet.editor.getSnapshot();
  const selected = selection.flatMap((id) => annotations.find((one) => one.id === id) ?? []);
  if (selected.length === 0) return;
  const next = await queries.query(imageQuery(nextId));
  const { editor } = await desk.open(next, { model: sheet.model, categories: project.categories });
  const count = editor.arranging.paste(selected);
  const { message } = editor.getSnapshot().status;
  if (count > 0) toasts.good({ key: 'annotate:edit.copied', values: { count, image: next.file_name } });
  else if (message) toasts.bad(message);
}

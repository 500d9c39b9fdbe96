import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'wouter';

import { keysOf } from '../../editor/bindings';
import type { Editor } from '../../editor/editor';
import { useSay, useTranslation } from '../../i18n';
import { inEnglish } from '../../i18n/english';
import { imagesQuery } from '../app/queries';
import type { Action } from './actions';
import type { Sheet } from './desk';
import { GROUPS } from './helpContents';
import type { Entry } from './paletteEntries';
import { useMaybeEditorPart } from './useEditorPart';
import { useKeyBindings } from './useKeyBindings';

/** Pages of images that are read for the palette: those of a project with more are found in the grid. */
const PAGES = 20;

/** Commands, categories and images, as lines of the palette. */
export function usePaletteEntries(
  sheet: Sheet | null,
  projectId: number,
  actions: readonly Action[],
): Entry[] {
  const commands = useCommandEntries(actions);
  const categories = useCategoryEntries(sheet?.editor ?? null);
  const images = useImageEntries(projectId);
  return [...commands, ...categories, ...images];
}

function useCommandEntries(actions: readonly Action[]): Entry[] {
  const { t } = useTranslation('commands');
  const say = useSay();
  const bindings = useKeyBindings();
  return actions
    .filter(({ mode }) => mode === undefined)
    .toSorted((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group))
    .map((action) => ({
      id: action.id,
      title: say(action.title),
      alias: inEnglish(action.title),
      group: t(`groups.${action.group}`),
      keys: keysOf(action, bindings),
      isEnabled: action.isEnabled(),
      isSearchedOnly: false,
      run: action.run,
    }));
}

function useCategoryEntries(editor: Editor | null): Entry[] {
  const { t } = useTranslation(['keyboard', 'commands']);
  const categories = useMaybeEditorPart(editor, (snapshot) => snapshot.categories) ?? [];
  return categories.map(({ id, name }) => ({
    id: `category:${id}`,
    title: t('palette.category', { name }),
    alias: `${inEnglish({ key: 'keyboard:palette.category', values: { name } })}, class`,
    group: t('commands:groups.category'),
    keys: [],
    isEnabled: editor !== null,
    isSearchedOnly: true,
    run: () => editor?.objects.setCategory(id),
  }));
}

function useImageEntries(projectId: number): Entry[] {
  const { t } = useTranslation(['keyboard', 'commands']);
  const [, navigate] = useLocation();
  const { data, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(imagesQuery(projectId));
  const pages = data?.pages ?? [];
  const isMoreWanted = hasNextPage && !isFetching && pages.length < PAGES;
  useEffect(() => {
    if (isMoreWanted) void fetchNextPage();
  }, [isMoreWanted, fetchNextPage]);
  return pages
    .flatMap(({ items }) => items)
    .map(({ id, file_name: name }) => ({
      id: `image:${id}`,
      title: t('palette.image', { name }),
      alias: inEnglish({ key: 'keyboard:palette.image', values: { name } }),
      group: t('commands:groups.image'),
      keys: [],
      isEnabled: true,
      isSearchedOnly: true,
      run: () => navigate(`/projects/${projectId}/images/${id}`, { replace: true }),
    }));
}

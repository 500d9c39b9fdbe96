import { useEffect, useMemo } from 'react';

import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { isFiltering, type ObjectState } from './objectFilter';
import { type Listing, listingOf, type ObjectView } from './objectRows';
import { useEditorPart } from './useEditorPart';
import type { SavingStates } from './useSavingStates';

/** How the list is looked at, and whether the canvas follows it. */
export interface ListView extends ObjectView {
  readonly drawsListedOnly: boolean;
}

/** The rows; the editor walks and selects by the same list. */
export function useListing(editor: Editor, view: ListView, saving: SavingStates): Listing {
  const { t } = useTranslation('annotate');
  const annotations = useEditorPart(editor, (snapshot) => snapshot.annotations);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const statesOf = useStates(editor, view, saving);
  const noCategory = t('noCategory');
  const listing = useMemo(
    () => listingOf({ annotations, categories, statesOf, noCategory }, view),
    [annotations, categories, statesOf, noCategory, view],
  );
  const { ids } = listing;
  const isPlain = !isFiltering(view.filter) && isInOrder(view);
  useEffect(() => {
    editor.objects.setListed(isPlain ? null : ids, view.drawsListedOnly);
    return () => editor.objects.setListed(null);
  }, [editor, ids, isPlain, view.drawsListedOnly]);
  return listing;
}

const isInOrder = ({ sortedBy, isDescending, grouping }: ListView): boolean =>
  sortedBy === 'number' && !isDescending && grouping === 'none';

const nothing = (): readonly ObjectState[] => [];

/** Hiding and locking concern the list only where it is filtered by them. */
function useStates(editor: Editor, { filter }: ListView, saving: SavingStates) {
  const isAsked = filter.states.length > 0;
  const hidden = useEditorPart(editor, (snapshot) => (isAsked ? snapshot.hiddenByHand : null));
  const locked = useEditorPart(editor, (snapshot) => (isAsked ? snapshot.locked : null));
  return useMemo(() => {
    if (!isAsked) return nothing;
    return (id: string): readonly ObjectState[] => {
      const state = saving.get(id);
      const states: ObjectState[] = state === undefined ? [] : [state];
      if (hidden?.has(id)) states.push('hidden');
      if (locked?.has(id)) states.push('locked');
      return states;
    };
  }, [isAsked, saving, hidden, locked]);
}

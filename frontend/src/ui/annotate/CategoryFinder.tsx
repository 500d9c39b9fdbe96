import { Combobox } from '@base-ui/react/combobox';
import { Plus, Search } from 'lucide-react';
import { useState } from 'react';

import type { Editor } from '../../editor/editor';
import { useSay, useTranslation } from '../../i18n';
import popup from '../kit/popup.module.css';
import styles from './CategoryPanel.module.css';
import { type CategoryOffer, offersFor } from './categorySearch';
import { focusCanvas } from './focusCanvas';
import { PAGE_COMMANDS } from './pageCommands';
import { recentCategories } from './recentCategories';
import { Swatch } from './Swatch';
import { useCategoryAddition } from './useCategoryAddition';
import { useEditorPart } from './useEditorPart';
import { useKeyLabel } from './useKeyBindings';

interface CategoryFinderProps {
  readonly editor: Editor;
  readonly projectId: number;
}

/** The command that puts the keyboard into the field. */
const FIND = PAGE_COMMANDS.find(({ id }) => id === 'findCategory') ?? { id: 'findCategory', keys: [] };

/** A category by its name: typed, walked by arrows, taken by Enter; a new name becomes a new category. */
export function CategoryFinder({ editor, projectId }: CategoryFinderProps) {
  const { t } = useTranslation('annotate');
  const say = useSay();
  const key = useKeyLabel()(FIND);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const [typed, setTyped] = useState('');
  const [recent, setRecent] = useState<readonly number[]>([]);
  const addition = useCategoryAddition(editor, projectId);
  const offers = offersFor(typed, categories, recent);
  const take = (offer: CategoryOffer | null) => {
    if (!offer) return;
    if (offer.kind === 'create') addition.mutate(offer.name);
    else editor.objects.setCategory(offer.kind === 'category' ? offer.category.id : null);
    setTyped('');
    focusCanvas();
  };
  return (
    <Combobox.Root<CategoryOffer>
      items={offers}
      filter={null}
      value={null}
      inputValue={typed}
      autoHighlight
      itemToStringLabel={nameOf}
      onInputValueChange={setTyped}
      onOpenChange={(open, { reason }) => {
        if (open) setRecent(recentCategories(projectId));
        else setTyped('');
        if (reason === 'escape-key') focusCanvas();
      }}
      onValueChange={take}
    >
      <Combobox.InputGroup className={styles.finder}>
        <Search aria-hidden />
        <Combobox.Input
          data-field="category"
          placeholder={t('categories.find')}
          aria-label={t('categories.find')}
        />
        {key && <kbd aria-hidden>{key}</kbd>}
      </Combobox.InputGroup>
      {addition.error && (
        <p role="alert" className={styles.error}>
          {say(addition.error)}
        </p>
      )}
      <Combobox.Portal>
        <Combobox.Positioner className={popup.positioner} sideOffset={4} align="end">
          <Combobox.Popup className={popup.popup} data-popup>
            <Combobox.List className={styles.offers}>
              {(offer: CategoryOffer) => (
                <Combobox.Item key={keyOf(offer)} value={offer} className={popup.item}>
                  <Offer offer={offer} />
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  );
}

function Offer({ offer }: { readonly offer: CategoryOffer }) {
  const { t } = useTranslation('annotate');
  switch (offer.kind) {
    case 'category':
      return (
        <>
          <Swatch color={offer.category.color} place={offer.place} />
          <span className={popup.text}>{offer.category.name}</span>
          {offer.place < 9 && <kbd aria-hidden>{offer.place + 1}</kbd>}
        </>
      );
    case 'none':
      return (
        <>
          <Swatch color={null} />
          <span className={popup.text}>{t('noCategory')}</span>
          <kbd aria-hidden>0</kbd>
        </>
      );
    case 'create':
      return (
        <>
          <Plus aria-hidden />
          <span className={popup.text}>{t('categories.create', { name: offer.name })}</span>
        </>
      );
  }
}

const nameOf = (offer: CategoryOffer): string => {
  if (offer.kind === 'category') return offer.category.name;
  return offer.kind === 'create' ? offer.name : '';
};

const keyOf = (offer: CategoryOffer): string =>
  offer.kind === 'category' ? String(offer.category.id) : offer.kind;

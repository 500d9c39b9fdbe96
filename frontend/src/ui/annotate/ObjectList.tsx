import { Eye, EyeOff } from 'lucide-react';
import { useCallback, useState } from 'react';

import type { Editor } from '../../editor/editor';
import { useTranslation } from '../../i18n';
import { Button, IconButton } from '../kit/Button';
import { cx } from '../kit/cx';
import { focusCanvas } from './focusCanvas';
import { EVERYTHING, isFiltering } from './objectFilter';
import { ObjectFilterMenu } from './ObjectFilterMenu';
import { ObjectGrid } from './ObjectGrid';
import styles from './ObjectList.module.css';
import { ObjectOrderMenu } from './ObjectOrderMenu';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';
import { type ListView, useListing } from './useListing';
import { useSavingStates } from './useSavingStates';

const PLAIN: ListView = {
  filter: EVERYTHING,
  sortedBy: 'number',
  isDescending: false,
  grouping: 'none',
  folded: new Set(),
  drawsListedOnly: false,
};

/** A view of the list that goes with the annotator from image to image. */
export function useListView() {
  const [view, setView] = useState(PLAIN);
  const change = useCallback((changes: Partial<ListView>) => setView((now) => ({ ...now, ...changes })), []);
  return { view, change };
}

interface ObjectListProps {
  readonly editor: Editor;
  readonly imageId: number;
  readonly view: ListView;
  readonly onView: (changes: Partial<ListView>) => void;
}

/** The accepted masks: found, chosen, hidden and locked. */
export function ObjectList({ editor, imageId, view, onView }: ObjectListProps) {
  const { t } = useTranslation(['objects', 'annotate']);
  const saving = useSavingStates(imageId);
  const { rows, ids } = useListing(editor, view, saving);
  const total = useEditorPart(editor, ({ annotations }) => annotations.length);
  const isNarrow = isFiltering(view.filter);
  const fold = (key: string) => onView({ folded: toggled(view.folded, key) });
  return (
    <section className={cx(panel.section, styles.list)} aria-label={t('annotate:masks.title')}>
      <header className={styles.header}>
        <h2>
          {t('annotate:masks.title')}{' '}
          <span data-listed={ids.length}>
            {isNarrow ? t('listed', { count: ids.length, total }) : t('total', { count: total })}
          </span>
        </h2>
        <HideAll editor={editor} />
        <ObjectOrderMenu view={view} onView={onView} />
        <ObjectFilterMenu editor={editor} view={view} onView={onView} />
      </header>
      {total > 0 && <FilterField view={view} onView={onView} />}
      {total === 0 && <p className={panel.hint}>{t('annotate:masks.hint')}</p>}
      {total > 0 && rows.length === 0 && (
        <p className={panel.hint}>
          {t('nothingListed')}{' '}
          <Button variant="quiet" onClick={() => onView({ filter: EVERYTHING })}>
            {t('filter.clear')}
          </Button>
        </p>
      )}
      {rows.length > 0 && <ObjectGrid editor={editor} rows={rows} saving={saving} onFold={fold} />}
    </section>
  );
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

function FilterField({ view, onView }: Pick<ObjectListProps, 'view' | 'onView'>) {
  const { t } = useTranslation('objects');
  return (
    <input
      type="search"
      className={styles.search}
      data-field="filter"
      value={view.filter.text}
      placeholder={t('filter.placeholder')}
      aria-label={t('filter.label')}
      onChange={({ target }) => onView({ filter: { ...view.filter, text: target.value } })}
      onKeyDown={({ key }) => (key === 'Enter' || (key === 'Escape' && !view.filter.text)) && focusCanvas()}
    />
  );
}

function HideAll({ editor }: { readonly editor: Editor }) {
  const { t } = useTranslation('objects');
  const isHidden = useEditorPart(
    editor,
    ({ annotations, hiddenByHand }) =>
      annotations.length > 0 && annotations.every(({ id }) => hiddenByHand.has(id)),
  );
  return (
    <IconButton
      label={t(isHidden ? 'showAll' : 'hideAll')}
      pressed={isHidden}
      onClick={() => editor.objects.setAllHidden(!isHidden)}
    >
      {isHidden ? <EyeOff /> : <Eye />}
    </IconButton>
  );
}

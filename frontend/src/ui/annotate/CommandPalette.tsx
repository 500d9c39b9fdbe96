import { Autocomplete } from '@base-ui/react/autocomplete';
import { useRef, useState } from 'react';

import { useTranslation } from '../../i18n';
import { Dialog } from '../kit/Dialog';
import type { Action } from './actions';
import styles from './CommandPalette.module.css';
import { KeyChord } from './KeyChord';
import { type Entry, found } from './paletteEntries';
import type { Sheet } from './desk';
import { usePaletteEntries } from './usePaletteEntries';

interface CommandPaletteProps {
  readonly sheet: Sheet | null;
  readonly projectId: number;
  readonly actions: readonly Action[];
  readonly onClose: () => void;
}

/** Everything that can be told to the page, found by a part of its name. */
export function CommandPalette({ sheet, projectId, actions, onClose }: CommandPaletteProps) {
  const { t } = useTranslation('keyboard');
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const entries = usePaletteEntries(sheet, projectId, actions);
  const choose = (entry: Entry) => {
    onClose();
    // Once the dialog has given the focus back: a command may open another one, or move the focus.
    setTimeout(entry.run);
  };
  return (
    <Dialog title={t('palette.title')} onClose={onClose} initialFocus={input}>
      <Autocomplete.Root<Entry>
        open
        inline
        items={found(text, entries)}
        filter={null}
        value={text}
        onValueChange={setText}
        itemToStringValue={({ title }) => title}
        autoHighlight="always"
        keepHighlight
      >
        <Autocomplete.Input
          ref={input}
          className={styles.input}
          aria-label={t('palette.title')}
          aria-description={t('palette.hint')}
          placeholder={t('palette.placeholder')}
        />
        <Autocomplete.Empty className={styles.empty}>{t('palette.nothing')}</Autocomplete.Empty>
        <Autocomplete.List className={styles.list}>
          {(entry: Entry) => (
            <Autocomplete.Item
              key={entry.id}
              value={entry}
              className={styles.item}
              disabled={!entry.isEnabled}
              onClick={() => choose(entry)}
            >
              <span className={styles.title}>{entry.title}</span>
              {entry.isEnabled ? <small>{entry.group}</small> : <small>{t('palette.unavailable')}</small>}
              {entry.keys.slice(0, 2).map((chord) => (
                <KeyChord key={chord} chord={chord} />
              ))}
            </Autocomplete.Item>
          )}
        </Autocomplete.List>
      </Autocomplete.Root>
    </Dialog>
  );
}

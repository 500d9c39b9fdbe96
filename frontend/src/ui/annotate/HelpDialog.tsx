import { Keyboard, Printer } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';

import { type KeyBindings, keysOf } from '../../editor/bindings';
import { useSay, useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import type { Action } from './actions';
import { GESTURES, GROUPS } from './helpContents';
import styles from './HelpDialog.module.css';
import { KeyChord } from './KeyChord';
import { keyLabel } from './keyLabel';
import { useKeyBindings } from './useKeyBindings';

interface HelpDialogProps {
  readonly actions: readonly Action[];
  readonly onChangeKeys: () => void;
  readonly onClose: () => void;
}

interface Row {
  readonly id: string;
  readonly what: string;
  readonly how: ReactNode;
  /** What the row is found by, beside its words. */
  readonly words: string;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
}

/** Every key as it is now, and every gesture: read from the commands themselves, searchable, printable. */
export function HelpDialog({ actions, onChangeKeys, onClose }: HelpDialogProps) {
  const { t } = useTranslation(['keyboard', 'annotate']);
  const [text, setText] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const shown = useSections(actions)
    .map((section) => ({ ...section, rows: section.rows.filter((row) => matches(row, text)) }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <Dialog title={t('annotate:keysAndGestures')} onClose={onClose} wide initialFocus={search}>
      <div className={styles.tools}>
        <Field
          label={t('help.search')}
          ref={search}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button icon={<Keyboard aria-hidden />} onClick={onChangeKeys}>
          {t('keys.open')}
        </Button>
        <Button icon={<Printer aria-hidden />} onClick={() => print()}>
          {t('help.print')}
        </Button>
      </div>
      {shown.length === 0 && <p role="status">{t('help.nothing')}</p>}
      <div className={styles.columns}>
        {shown.map((section) => (
          <SectionList key={section.id} section={section} />
        ))}
      </div>
    </Dialog>
  );
}

function matches({ what, words }: Row, text: string): boolean {
  const whole = `${what} ${words}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}

function useSections(actions: readonly Action[]): Section[] {
  const { t } = useTranslation(['keyboard', 'commands']);
  const bindings = useKeyBindings();
  const rowOf = useActionRow(bindings);
  const commands = GROUPS.map((group) => ({
    id: group,
    title: t(`commands:groups.${group}`),
    rows: actions.filter((action) => action.group === group && isUseful(action)).map(rowOf),
  }));
  const gestures = GESTURES.map(({ id, names }) => ({
    id,
    title: t(`help.${id}`),
    rows: names.map((name) => {
      const how = t(`help.gestures.${name}`);
      return { id: name, what: t(`help.effects.${name}`), how, words: how };
    }),
  }));
  return [...commands, ...gestures];
}

function useActionRow(bindings: KeyBindings): (action: Action) => Row {
  const say = useSay();
  return (action) => {
    const keys = keysOf(action, bindings);
    const how = keys.map((chord) => <KeyChord key={chord} chord={chord} />);
    return {
      id: action.id,
      what: say(action.title),
      how,
      words: keys.map((chord) => keyLabel(chord)).join(' '),
    };
  };
}

/** Keys of categories that the project does not have would only fill the page. */
const isUseful = (action: Action): boolean => action.group !== 'category' || action.isEnabled();

function SectionList({ section: { title, rows } }: { readonly section: Section }) {
  return (
    <section className={styles.group}>
      <h3>{title}</h3>
      <dl>
        {rows.map(({ id, what, how }) => (
          <div key={id}>
            <dt>{what}</dt>
            <dd>{how}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

import { useRef, useState } from 'react';

import { holderOf, keysOf } from '../../editor/bindings';
import { useSay, useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { Dialog } from '../kit/Dialog';
import { Field } from '../kit/Field';
import type { Action } from './actions';
import { GROUPS } from './helpContents';
import { keyLabel } from './keyLabel';
import { KeyRow } from './KeyRow';
import styles from './KeySettings.module.css';
import { useKeySettings } from './useKeySettings';

interface KeySettingsProps {
  readonly actions: readonly Action[];
  readonly onClose: () => void;
}

/** A person's own keys: every command with its keys, more of them, fewer, or the usual ones again. */
export function KeySettings({ actions, onClose }: KeySettingsProps) {
  const { t } = useTranslation(['keyboard', 'commands']);
  const say = useSay();
  const settings = useKeySettings(actions);
  const [text, setText] = useState('');
  const search = useRef<HTMLInputElement>(null);
  const [isResetting, setResetting] = useState(false);
  const isShown = (action: Action) => {
    const keys = keysOf(action, settings.bindings).map((chord) => keyLabel(chord));
    return [say(action.title), ...keys].join(' ').toLowerCase().includes(text.toLowerCase());
  };
  const shown = actions.filter(isShown);
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide initialFocus={search}>
      <div className={styles.tools}>
        <Field
          label={t('keys.search')}
          ref={search}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button onClick={() => setResetting(true)} disabled={Object.keys(settings.bindings).length === 0}>
          {t('keys.resetAll')}
        </Button>
      </div>
      <p className={styles.hint}>{t('keys.layout')}</p>
      {shown.length === 0 && <p role="status">{t('keys.nothing')}</p>}
      {GROUPS.map((group) => (
        <Group
          key={group}
          title={t(`commands:groups.${group}`)}
          actions={shown.filter((action) => action.group === group)}
          settings={settings}
        />
      ))}
      {isResetting && (
        <ConfirmDialog
          title={t('keys.resetAllTitle')}
          action={t('keys.resetAll')}
          onConfirm={settings.resetAll}
          onClose={() => setResetting(false)}
        >
          {t('keys.resetAllText')}
        </ConfirmDialog>
      )}
    </Dialog>
  );
}

interface GroupProps {
  readonly title: string;
  readonly actions: readonly Action[];
  readonly settings: ReturnType<typeof useKeySettings>;
}

function Group({ title, actions, settings }: GroupProps) {
  if (actions.length === 0) return null;
  return (
    <section className={styles.group}>
      <h3>{title}</h3>
      <ul>
        {actions.map((action) => (
          <KeyRow
            key={action.id}
            action={action}
            bindings={settings.bindings}
            holder={(chord) => holderOf(chord, action, settings.all, settings.bindings)}
            onBind={(chord) => settings.bind(chord, action)}
            onUnbind={(chord) => settings.unbind(chord, action)}
            onReset={() => settings.reset(action)}
          />
        ))}
      </ul>
    </section>
  );
}

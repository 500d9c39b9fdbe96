import { Plus, RotateCcw, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';

import { isRebound, type KeyBindings, keysOf, type Reservation, reservationOf } from '../../editor/bindings';
import { chordOf } from '../../editor/keys';
import { useSay, useTranslation } from '../../i18n';
import { Button, IconButton } from '../kit/Button';
import type { Action } from './actions';
import { KeyChord } from './KeyChord';
import { keyLabel } from './keyLabel';
import styles from './KeySettings.module.css';

interface KeyRowProps {
  readonly action: Action;
  readonly bindings: KeyBindings;
  /** The other command that has a chord. */
  readonly holder: (chord: string) => Action | undefined;
  readonly onBind: (chord: string) => void;
  readonly onUnbind: (chord: string) => void;
  readonly onReset: () => void;
}

/** What the row asks for, or tells. */
type Phase =
  | { readonly name: 'rest' | 'waiting' }
  | { readonly name: 'taken'; readonly chord: string; readonly holder: Action }
  | { readonly name: 'reserved'; readonly chord: string; readonly reservation: Reservation };

const REST: Phase = { name: 'rest' };

/** One command: its keys, each to be taken away, and a field that listens for another one. */
export function KeyRow(props: KeyRowProps) {
  const { action, bindings, onUnbind, onReset } = props;
  const { t } = useTranslation('keyboard');
  const command = useSay()(action.title);
  const [phase, setPhase] = useState(REST);
  const keys = keysOf(action, bindings);
  return (
    <li className={styles.row}>
      <span className={styles.title}>{command}</span>
      <span className={styles.keys}>
        {keys.length === 0 && <span className={styles.none}>{t('keys.none')}</span>}
        {keys.map((chord) => (
          <span key={chord} className={styles.key}>
            <KeyChord chord={chord} />
            <button
              type="button"
              aria-label={t('keys.remove', { chord: keyLabel(chord), command })}
              onClick={() => onUnbind(chord)}
            >
              <X aria-hidden />
            </button>
          </span>
        ))}
      </span>
      <IconButton label={t('keys.add', { command })} onClick={() => setPhase({ name: 'waiting' })}>
        <Plus aria-hidden />
      </IconButton>
      <IconButton
        label={t('keys.reset', { command })}
        disabled={!isRebound(action, bindings)}
        onClick={onReset}
      >
        <RotateCcw aria-hidden />
      </IconButton>
      <Asked {...props} phase={phase} onPhase={setPhase} />
    </li>
  );
}

interface AskedProps extends KeyRowProps {
  readonly phase: Phase;
  readonly onPhase: (phase: Phase) => void;
}

function Asked({ phase, onPhase, ...row }: AskedProps) {
  const { t } = useTranslation('keyboard');
  const say = useSay();
  if (phase.name === 'rest') return null;
  if (phase.name !== 'taken') return <KeyField {...row} phase={phase} onPhase={onPhase} />;
  const { chord, holder } = phase;
  const take = () => {
    row.onBind(chord);
    onPhase(REST);
  };
  return (
    <div className={styles.asked} role="alert">
      <p>{t('keys.conflict', { chord: keyLabel(chord), command: say(holder.title) })}</p>
      <Button onClick={() => onPhase(REST)}>{t('keys.leave')}</Button>
      <Button variant="primary" autoFocus onClick={take}>
        {t('keys.take')}
      </Button>
    </div>
  );
}

/** Listens for the next chord. Escape and Tab leave it, as they leave any field. */
function KeyField({ action, holder, onBind, phase, onPhase }: AskedProps) {
  const { t } = useTranslation('keyboard');
  const command = useSay()(action.title);
  const listen = (event: KeyboardEvent<HTMLInputElement>) => {
    const chord = chordOf(event.nativeEvent);
    if (chord === null || chord === 'Tab' || chord === 'Shift+Tab') return;
    event.preventDefault();
    event.stopPropagation();
    onPhase(chord === 'Escape' ? REST : phaseAfter(chord, holder, onBind));
  };
  return (
    <div className={styles.asked}>
      <input
        className={styles.listening}
        readOnly
        autoFocus
        aria-label={t('keys.add', { command })}
        aria-description={t('keys.pressHint')}
        placeholder={t('keys.press')}
        onKeyDown={listen}
        onBlur={() => onPhase(REST)}
      />
      <p role="status">
        {phase.name === 'reserved'
          ? t(`keys.reserved.${phase.reservation}`, { chord: keyLabel(phase.chord) })
          : t('keys.pressHint')}
      </p>
    </div>
  );
}

function phaseAfter(chord: string, holder: KeyRowProps['holder'], bind: (chord: string) => void): Phase {
  const reservation = reservationOf(chord);
  if (reservation) return { name: 'reserved', chord, reservation };
  const other = holder(chord);
  if (other) return { name: 'taken', chord, holder: other };
  bind(chord);
  return REST;
}

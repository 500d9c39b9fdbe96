import { COMMANDS, type Command } from '../../editor/commands';
import type { Editor } from '../../editor/editor';
import { useSay, useTranslation } from '../../i18n';
import { Dialog } from '../kit/Dialog';
import styles from './HelpDialog.module.css';
import { keyNames } from './keyLabel';
import { MOUSE_HELP, PAGE_COMMANDS } from './pageCommands';

interface HelpDialogProps {
  readonly editor: Editor | null;
  readonly onClose: () => void;
}

type Row = Pick<Command, 'id' | 'title' | 'keys'> & { readonly group: (typeof GROUPS)[number] };

const GROUPS = ['mask', 'edit', 'object', 'category', 'tool', 'image', 'view'] as const;

/** Every key, read from the commands themselves. */
export function HelpDialog({ editor, onClose }: HelpDialogProps) {
  const { t } = useTranslation(['annotate', 'commands']);
  const rows: Row[] = [...COMMANDS.filter((command) => isUseful(command, editor)), ...PAGE_COMMANDS];
  return (
    <Dialog title={t('keysAndGestures')} onClose={onClose} wide>
      <div className={styles.columns}>
        <section className={styles.group}>
          <h3>{t('mouse.title')}</h3>
          <dl>
            {MOUSE_HELP.map((gesture) => (
              <div key={gesture}>
                <dt>{t(`mouse.effects.${gesture}`)}</dt>
                <dd>{t(`mouse.gestures.${gesture}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
        {GROUPS.map((group) => (
          <Group
            key={group}
            title={t(`commands:groups.${group}`)}
            rows={rows.filter((row) => row.group === group)}
          />
        ))}
      </div>
    </Dialog>
  );
}

/** Keys of categories that the project does not have would only fill the page. */
function isUseful(command: Command, editor: Editor | null): boolean {
  return command.group !== 'category' || (editor !== null && command.enabled(editor));
}

function Group({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const say = useSay();
  return (
    <section className={styles.group}>
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.id}>
            <dt>{say(row.title)}</dt>
            <dd>
              {row.keys.map((chord) => (
                <Chord key={chord} chord={chord} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Chord({ chord }: { readonly chord: string }) {
  return (
    <span className={styles.chord}>
      {keyNames(chord).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}

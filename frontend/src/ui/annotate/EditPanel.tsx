import { NumberField } from '@base-ui/react/number-field';
import { BringToFront, ArrowDown, ArrowUp, SendToBack, WandSparkles, type LucideIcon } from 'lucide-react';
import { useMemo } from 'react';

import { COMMANDS, type Command } from '../../editor/commands';
import type { CleanUp } from '../../editor/editing';
import type { Editor } from '../../editor/editor';
import type { EditingSettings, OverlapRule } from '../../editor/model';
import { useLanguage, useSay, useTranslation } from '../../i18n';
import { Button, IconButton } from '../kit/Button';
import { Popover } from '../kit/Popover';
import { SegmentedControl } from '../kit/SegmentedControl';
import styles from './EditPanel.module.css';
import { keyLabel } from './keyLabel';
import { useEditorPart } from './useEditorPart';

interface EditPanelProps {
  readonly editor: Editor;
  /** Null where there is no next image. */
  readonly onCopyToNext: (() => void) | null;
}

/** What is done to whole masks: cleaned up, split, merged, copied, laid above each other, kept apart. */
export function EditPanel({ editor, onCopyToNext }: EditPanelProps) {
  const { t } = useTranslation('annotate');
  const trigger = (
    <IconButton label={t('edit.title')}>
      <WandSparkles aria-hidden />
    </IconButton>
  );
  return (
    <Popover trigger={trigger} title={t('edit.title')} side="right">
      <div className={styles.panel}>
        {CLEAN_UPS.map((cleanUp) => (
          <CleanUpRow key={cleanUp.kind} editor={editor} {...cleanUp} />
        ))}
        <hr />
        <ArrangeButtons editor={editor} onCopyToNext={onCopyToNext} />
        <hr />
        <OverlapChoice editor={editor} />
      </div>
    </Popover>
  );
}

type NumberSetting = 'holeArea' | 'islandArea' | 'partCount' | 'smoothRadius';

interface CleanUpRule {
  readonly kind: CleanUp;
  readonly setting: NumberSetting;
  readonly max: number;
}

const CLEAN_UPS: readonly CleanUpRule[] = [
  { kind: 'fill_holes', setting: 'holeArea', max: 10_000_000 },
  { kind: 'drop_islands', setting: 'islandArea', max: 10_000_000 },
  { kind: 'keep_largest', setting: 'partCount', max: 100 },
  { kind: 'smooth', setting: 'smoothRadius', max: 50 },
];

/** Says beforehand how many pixels would change. */
function CleanUpRow({ editor, kind, setting, max }: CleanUpRule & { readonly editor: Editor }) {
  const { t } = useTranslation('annotate');
  const locale = useLanguage();
  const value = useEditorPart(editor, ({ editing }) => editing[setting]);
  const pixels = useCleanUpPixels(editor, kind, value);
  const set = (number: number | null) => {
    if (number !== null) editor.editing.set({ [setting]: number } satisfies Partial<EditingSettings>);
  };
  return (
    <div className={styles.row}>
      <span>{t(`edit.${setting}`)}</span>
      <NumberField.Root value={value} min={1} max={max} locale={locale} onValueChange={set}>
        <NumberField.Input className={styles.number} aria-label={t(`edit.${setting}`)} />
      </NumberField.Root>
      <Button disabled={pixels === 0} onClick={() => editor.editing.cleanUp(kind)}>
        {t(`edit.${kind}`)}
      </Button>
      <data value={pixels}>{t('edit.pixels', { count: pixels })}</data>
    </div>
  );
}

/** Counted anew only when a mask or the setting changes. */
function useCleanUpPixels(editor: Editor, kind: CleanUp, value: number): number {
  const shown = useEditorPart(editor, ({ making }) => making?.shown);
  const annotations = useEditorPart(editor, (snapshot) => snapshot.annotations);
  const selection = useEditorPart(editor, (snapshot) => snapshot.selection);
  const locked = useEditorPart(editor, (snapshot) => snapshot.locked);
  return useMemo(
    () => editor.editing.cleanUpPixels(kind),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- What the editor counts in, and by.
    [editor, kind, value, shown, annotations, selection, locked],
  );
}

const ARRANGE = ['split', 'merge', 'duplicate'] as const;

function ArrangeButtons({ editor, onCopyToNext }: EditPanelProps) {
  const { t } = useTranslation('annotate');
  const isSelected = useEditorPart(editor, ({ selection }) => selection.length > 0);
  return (
    <div className={styles.buttons}>
      {ARRANGE.map((id) => (
        <CommandButton key={id} editor={editor} id={id}>
          {t(`edit.${id}`)}
        </CommandButton>
      ))}
      <Button disabled={!isSelected || !onCopyToNext} onClick={() => onCopyToNext?.()}>
        {t('edit.copyToNext')}
      </Button>
      <span className={styles.layers}>
        {t('edit.layer')}
        {LAYERS.map(({ id, icon: Icon }) => (
          <LayerButton key={id} editor={editor} id={id} icon={<Icon aria-hidden />} />
        ))}
      </span>
    </div>
  );
}

const LAYERS: readonly { readonly id: string; readonly icon: LucideIcon }[] = [
  { id: 'layer.front', icon: BringToFront },
  { id: 'layer.forward', icon: ArrowUp },
  { id: 'layer.backward', icon: ArrowDown },
  { id: 'layer.back', icon: SendToBack },
];

interface CommandProps {
  readonly editor: Editor;
  readonly id: string;
}

function useCommand({ editor, id }: CommandProps): { command: Command | undefined; isEnabled: boolean } {
  const command = COMMANDS.find((candidate) => candidate.id === id);
  const isEnabled = useEditorPart(editor, () => command?.enabled(editor) ?? false);
  return { command, isEnabled };
}

function CommandButton({ children, ...props }: CommandProps & { readonly children: React.ReactNode }) {
  const { command, isEnabled } = useCommand(props);
  return (
    <Button disabled={!isEnabled} onClick={() => command?.run(props.editor)}>
      {children}
    </Button>
  );
}

function LayerButton({ icon, ...props }: CommandProps & { readonly icon: React.ReactNode }) {
  const say = useSay();
  const { command, isEnabled } = useCommand(props);
  return (
    <IconButton
      label={command ? say(command.title) : ''}
      shortcut={keyLabel(command?.keys[0])}
      disabled={!isEnabled}
      onClick={() => command?.run(props.editor)}
    >
      {icon}
    </IconButton>
  );
}

const RULES: readonly OverlapRule[] = ['off', 'yield', 'bite'];

function OverlapChoice({ editor }: { readonly editor: Editor }) {
  const { t } = useTranslation('annotate');
  const rule = useEditorPart(editor, ({ editing }) => editing.overlaps);
  return (
    <div className={styles.overlaps}>
      <span>{t('edit.overlaps')}</span>
      <SegmentedControl
        label={t('edit.overlaps')}
        segments={RULES.map((value) => ({ value, label: t(`edit.rules.${value}`) }))}
        value={rule}
        onChange={(overlaps) => editor.editing.set({ overlaps })}
      />
      <small>{t(`edit.ruleHints.${rule}`)}</small>
    </div>
  );
}

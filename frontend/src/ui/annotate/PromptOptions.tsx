import { Crosshair, Eye, SquareDashed, SquareStack } from 'lucide-react';
import { useSyncExternalStore, type ReactNode } from 'react';

import type { Editor } from '../../editor/editor';
import { THRESHOLD } from '../../editor/prompting';
import { useTranslation } from '../../i18n';
import { useServices } from '../app/services';
import { IconButton } from '../kit/Button';
import { Slider } from '../kit/Slider';
import styles from './PromptOptions.module.css';
import { useEditorPart } from './useEditorPart';

interface PromptOptionsProps {
  readonly editor: Editor;
}

/** How the model is asked, what is shown meanwhile, and where its mask is cut. */
export function PromptOptions({ editor }: PromptOptionsProps) {
  const { t } = useTranslation('annotate');
  const count = useEditorPart(editor, ({ alongside }) => alongside.length + 1);
  const boxEach = useEditorPart(editor, ({ prompting }) => prompting.boxEach);
  return (
    <>
      {count > 1 && <span className={styles.count}>{t('prompting.count', { count })}</span>}
      <Threshold editor={editor} />
      <span className={styles.switches}>
        <IconButton
          label={t('prompting.boxEach')}
          pressed={boxEach}
          onClick={() => editor.prompting.set({ boxEach: !boxEach })}
        >
          <SquareStack aria-hidden />
        </IconButton>
        <SettingSwitch name="preview" label={t('prompting.preview')}>
          <Eye aria-hidden />
        </SettingSwitch>
        <SettingSwitch name="outline_only" label={t('prompting.outlineOnly')} shortcut="Shift+O">
          <SquareDashed aria-hidden />
        </SettingSwitch>
        <SettingSwitch name="crosshair" label={t('prompting.crosshair')}>
          <Crosshair aria-hidden />
        </SettingSwitch>
      </span>
    </>
  );
}

/** Only while there is a mask of the model's to cut. */
function Threshold({ editor }: PromptOptionsProps) {
  const { t } = useTranslation('annotate');
  const threshold = useEditorPart(editor, ({ making }) => (making?.canCut ? making.threshold : null));
  if (threshold === null) return null;
  const { least: min, most: max, step } = THRESHOLD;
  return (
    <span title={t('prompting.thresholdHint')} onDoubleClick={() => editor.prompting.setThreshold(0)}>
      <Slider
        inline
        label={t('prompting.threshold')}
        value={threshold}
        {...{ min, max, step }}
        format={{ maximumFractionDigits: 1, signDisplay: 'exceptZero' }}
        onChange={(value) => editor.prompting.setThreshold(value)}
      />
    </span>
  );
}

interface SettingSwitchProps {
  readonly name: 'outline_only' | 'crosshair' | 'preview';
  readonly label: string;
  readonly shortcut?: string;
  readonly children: ReactNode;
}

/** One of the person's own settings. */
function SettingSwitch({ name, children, ...rest }: SettingSwitchProps) {
  const { preferences } = useServices();
  const isOn = useSyncExternalStore(preferences.subscribe, () => preferences.get()[name]);
  return (
    <IconButton {...rest} pressed={isOn} onClick={() => preferences.set({ [name]: !isOn })}>
      {children}
    </IconButton>
  );
}

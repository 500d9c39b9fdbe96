import { RotateCcw, SlidersHorizontal } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import { DEFAULTS, type Settings } from '../../preferences/settings';
import { useServices } from '../app/services';
import { Button, IconButton } from '../kit/Button';
import { Popover } from '../kit/Popover';
import { Slider } from '../kit/Slider';
import { Switch } from '../kit/Switch';
import styles from './ViewPanel.module.css';

const SWITCHES = ['outline_only', 'preview', 'crosshair', 'zoom_embeddings', 'confirm_delete'] as const;

const PHOTO = [
  { name: 'brightness', min: -1, max: 1 },
  { name: 'contrast', min: -1, max: 1 },
  { name: 'gamma', min: 0.2, max: 5 },
] as const;

/** How a person likes to see masks and photo; kept on the server, for every image and every browser. */
export function ViewPanel() {
  const { t } = useTranslation('settings');
  const { preferences } = useServices();
  const settings = useSyncExternalStore(preferences.subscribe, preferences.get);
  return (
    <Popover
      title={t('view.title')}
      align="end"
      trigger={
        <IconButton label={t('view.title')}>
          <SlidersHorizontal aria-hidden />
        </IconButton>
      }
    >
      <div className={styles.panel}>
        <Slider
          label={t('view.opacity')}
          value={settings.mask_opacity}
          {...{ min: 0, max: 1, step: 0.01 }}
          format={{ style: 'percent' }}
          onChange={(mask_opacity) => preferences.set({ mask_opacity })}
        />
        <PhotoSliders photo={settings.photo} onChange={(photo) => preferences.set({ photo })} />
        {SWITCHES.map((name) => (
          <Switch
            key={name}
            label={t(`view.${name}`)}
            checked={settings[name]}
            onChange={(checked) => preferences.set({ [name]: checked })}
          />
        ))}
      </div>
    </Popover>
  );
}

interface PhotoSlidersProps {
  readonly photo: Settings['photo'];
  readonly onChange: (photo: Settings['photo']) => void;
}

function PhotoSliders({ photo, onChange }: PhotoSlidersProps) {
  const { t } = useTranslation('settings');
  const isPlain = PHOTO.every(({ name }) => photo[name] === DEFAULTS.photo[name]);
  return (
    <fieldset className={styles.photo}>
      <legend>{t('view.photo')}</legend>
      {PHOTO.map(({ name, ...range }) => (
        <Slider
          key={name}
          label={t(`view.${name}`)}
          value={photo[name]}
          {...range}
          step={0.05}
          onChange={(value) => onChange({ ...photo, [name]: value })}
        />
      ))}
      <Button icon={<RotateCcw aria-hidden />} disabled={isPlain} onClick={() => onChange(DEFAULTS.photo)}>
        {t('view.reset')}
      </Button>
    </fieldset>
  );
}

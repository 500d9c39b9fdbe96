import { SunMoon } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useLanguage, useTranslation } from '../../i18n';
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/language';
import { IconButton } from '../kit/Button';
import { Menu, MenuSeparator } from '../kit/Menu';
import { MenuChoice } from '../kit/MenuChoice';
import { useServices } from './services';

/** `system` is light or dark as the system is, also when it changes. */
const THEMES = ['system', 'dark', 'light'] as const;

/** Theme and language, in the bar of every page. */
export function AppearanceMenu() {
  const { t } = useTranslation('settings');
  const { preferences } = useServices();
  const { theme } = useSyncExternalStore(preferences.subscribe, preferences.get);
  return (
    <Menu
      trigger={
        <IconButton label={t('themeAndLanguage')}>
          <SunMoon aria-hidden />
        </IconButton>
      }
    >
      <MenuChoice
        label={t('theme')}
        options={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
        value={theme}
        onChange={(chosen) => preferences.set({ theme: chosen })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('language')}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        value={useLanguage()}
        onChange={(language) => preferences.set({ language })}
      />
    </Menu>
  );
}

import { SunMoon } from 'lucide-react';
import { useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/language';
import { IconButton } from '../kit/Button';
import { Menu, MenuSeparator } from '../kit/Menu';
import { MenuChoice } from '../kit/MenuChoice';
import { THEMES } from './appearance';
import { useServices } from './services';

/** Theme and language, in the bar of every page. */
export function AppearanceMenu() {
  const { t } = useTranslation('settings');
  const { appearance } = useServices();
  const { theme, language } = useSyncExternalStore(appearance.subscribe, appearance.getState);
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
        onChange={appearance.setTheme}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('language')}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        value={language}
        onChange={appearance.setLanguage}
      />
    </Menu>
  );
}

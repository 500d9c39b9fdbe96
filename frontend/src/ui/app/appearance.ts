/** Makes the page look as the person's settings say: theme and language, wherever they are changed from. */
import type { i18n } from 'i18next';

import { isLanguage, languageFor, type Language } from '../../i18n/language';
import type { Preferences } from '../../preferences/preferences';

/** Where nothing is set, the browser's languages choose. */
export const languageOf = (setting: string | null): Language =>
  isLanguage(setting) ? setting : languageFor(navigator.languages);

/** The theme needs no script but this attribute: the colours in tokens.css follow it, or the system. */
export function followSettings(preferences: Preferences, translator: i18n): void {
  const apply = () => {
    const { theme, language } = preferences.get();
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    root.lang = languageOf(language);
    if (translator.language !== root.lang) void translator.changeLanguage(root.lang);
  };
  preferences.subscribe(apply);
  apply();
}

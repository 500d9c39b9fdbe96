/**
 * How the interface looks to this person: theme and language. Kept in this browser's local storage, where the theme is
 * found before the first paint (public/appearance.js).
 */
import type { i18n } from 'i18next';

import { isLanguage, languageFor, type Language } from '../../i18n/language';

/** `system` is light or dark as the system is, also when it changes. */
export const THEMES = ['system', 'dark', 'light'] as const;

export type Theme = (typeof THEMES)[number];

export interface AppearanceState {
  readonly theme: Theme;
  readonly language: Language;
  /** What the theme comes to now. */
  readonly isDark: boolean;
}

const THEME_KEY = 'maskloop.theme';
const LANGUAGE_KEY = 'maskloop.language';

const isTheme = (value: unknown): value is Theme => THEMES.some((theme) => theme === value);

export class Appearance {
  private state: AppearanceState;
  private readonly listeners = new Set<() => void>();
  private readonly system = matchMedia('(prefers-color-scheme: dark)');

  constructor(private readonly translator: i18n) {
    const theme = read(THEME_KEY);
    const language = read(LANGUAGE_KEY);
    this.state = {
      theme: isTheme(theme) ? theme : 'system',
      language: isLanguage(language) ? language : languageFor(navigator.languages),
      isDark: false,
    };
    this.apply({});
    this.system.addEventListener('change', () => this.apply({}));
  }

  readonly getState = (): AppearanceState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly setTheme = (theme: Theme): void => {
    write(THEME_KEY, theme);
    this.apply({ theme });
  };

  readonly setLanguage = (language: Language): void => {
    write(LANGUAGE_KEY, language);
    this.apply({ language });
  };

  private apply(changes: Partial<AppearanceState>): void {
    const { theme, language } = { ...this.state, ...changes };
    this.state = { theme, language, isDark: theme === 'system' ? this.system.matches : theme === 'dark' };
    const root = document.documentElement;
    root.lang = language;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    void this.translator.changeLanguage(language);
    for (const listener of this.listeners) listener();
  }
}

/** Where storage is forbidden, a choice lasts as long as the page. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

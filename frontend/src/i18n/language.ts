/** The languages of the interface, by BCP 47 tag. */
export const LANGUAGES = ['en', 'zh-CN'] as const;

export type Language = (typeof LANGUAGES)[number];

/** A language is listed under its own name, so that a person finds it in whatever is shown. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', 'zh-CN': '简体中文' };

export const isLanguage = (tag: unknown): tag is Language => LANGUAGES.some((language) => language === tag);

/** The first of a person's languages that we have; any Chinese is better served by Simplified Chinese than by English. */
export function languageFor(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [base] = tag.toLowerCase().split('-');
    if (base === 'en') return 'en';
    if (base === 'zh') return 'zh-CN';
  }
  return 'en';
}

/** i18next with our catalogues: the one place that knows the library's options. */
import { createInstance, type i18n } from 'i18next';

import { en } from './en';
import type { Language } from './language';
import { zhCN } from './zh-CN';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    returnNull: false;
    resources: typeof en;
  }
}

/** A translator that is ready at once: the catalogues are part of the bundle. React escapes, so i18next does not. */
export function createTranslator(language: Language): i18n {
  const translator = createInstance({
    lng: language,
    fallbackLng: false,
    resources: { en, 'zh-CN': zhCN },
    ns: Object.keys(en),
    defaultNS: 'common',
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  void translator.init();
  return translator;
}

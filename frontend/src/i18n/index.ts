/**
 * The interface's languages, for ui/. How to use them:
 *
 * - A text is a key in `en/<namespace>.ts`, and in `zh-CN/<namespace>.ts`, or nothing compiles. Keys are camelCase and may
 *   be grouped one level deep (`tools.brush`). Gaps are `{{name}}`; `{{count, number}}` writes 1,024 as the language does.
 *   A plural is `masks_one` and `masks_other` in English, `masks_other` in Chinese, and read as `t('masks', { count })`.
 * - A component: `const { t } = useTranslation('annotate'); … t('tools.brush')`. With words of `common`, too:
 *   `useTranslation(['annotate', 'common']); … t('common:cancel')`. Elements inside a sentence: `<Trans>` of react-i18next.
 * - A key that is only known when the page runs is a `Message`: `const say = useSay(); … say(command.title)`.
 * - Layers without a framework import `i18n/message` only: they hand out `Message`s (`{ key: 'commands:undo' }`) and throw
 *   `new MessageError({ key: 'errors:offline' })`. `say(error)` puts any error into words.
 * - Numbers, sizes and dates outside of sentences: `const { duration } = useFormats()`.
 */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { formatsOf, type Formats } from './format';
import { isLanguage, type Language } from './language';
import { say, type Sayable, type Translate } from './message';

export { Trans, useTranslation } from 'react-i18next';
export { errorOf, messageOf, type Message, type Sayable } from './message';

/** Puts messages and errors into words of the current language. */
export function useSay(): (what: Sayable) => string {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => {
    const t = i18n.getFixedT(language) as Translate;
    return (what: Sayable) => say(t, what);
  }, [i18n, language]);
}

export function useLanguage(): Language {
  const { language } = useTranslation().i18n;
  return isLanguage(language) ? language : 'en';
}

export function useFormats(): Formats {
  const language = useLanguage();
  return useMemo(() => formatsOf(language), [language]);
}

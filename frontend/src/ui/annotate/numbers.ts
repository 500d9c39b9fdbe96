/** Numbers in the columns of a list; building the formatters of `Intl` is slow, so each is made once. */
import type { Language } from '../../i18n/language';

const compact = new Map<Language, Intl.NumberFormat>();
const fixed = new Map<Language, Intl.NumberFormat>();

/** 12345 is "12K", and "1.2万" in Chinese. */
export const compactNumber = (value: number, language: Language): string =>
  formatter(compact, language, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);

/** With two digits: 0.9 is "0.90". */
export const fixedNumber = (value: number, language: Language): string =>
  formatter(fixed, language, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);

function formatter(
  made: Map<Language, Intl.NumberFormat>,
  language: Language,
  options: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  const known = made.get(language) ?? new Intl.NumberFormat(language, options);
  made.set(language, known);
  return known;
}

/** English, whatever the language of the page. */
import { say, type Sayable, type Translate } from './message';
import { createTranslator } from './translator';

const english = createTranslator('en').t as Translate;

/** For telling messages apart, and for finding commands by their English names, too. */
export const inEnglish = (what: Sayable): string => say(english, what);

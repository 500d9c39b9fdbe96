/** The sentence for a message or for whatever was thrown. */
import { MessageError, translate, type Message, type Translate } from './message';

export type Sayable = Message | Error;

/** Anything can be thrown; people and logs get an Error. */
export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/**
 * A message in the language of `t`. A refusal of the server goes by its problem code where `errors:problems` has it;
 * any other error says what it says, in English.
 */
export function say(t: Translate, what: Sayable): string {
  if (what instanceof MessageError) return translate(t, what.said);
  if (!(what instanceof Error)) return translate(t, what);
  const code = codeOf(what);
  if (code === null) return what.message;
  return t(`errors:problems.${code}`, { detail: what.message, defaultValue: what.message });
}

/** Only refusals of the server have a code in words; a DOMException's is a number. */
function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

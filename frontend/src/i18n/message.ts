/** Sentences for people, from layers that know no language: a key and its values, translated where they are shown. */
import type { en } from './en';

type Leaves<Tree, Path extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string
    ? `${Path}${WithoutPlural<Key>}`
    : Leaves<Tree[Key], `${Path}${Key}.`>;
}[keyof Tree & string];

type WithoutPlural<Key extends string> = Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key;

/** `namespace:key`, as in `errors:offline`; plural forms go by their base key. */
export type MessageKey = {
  [Namespace in keyof typeof en]: `${Namespace}:${Leaves<(typeof en)[Namespace]>}`;
}[keyof typeof en];

export interface Message {
  readonly key: MessageKey;
  /** What stands in the sentence's gaps, said in the same language; `count` chooses the plural form. */
  readonly values?: Readonly<Record<string, string | number | Sayable>>;
}

/** What the server refused: its problem code, and its own words in English. */
export interface Refused {
  readonly code: string;
  readonly detail: string;
  /** Of HTTP. */
  readonly status?: number;
}

/** What `say` puts into words. All but an Error are plain data, which a worker can post and a database can keep. */
export type Sayable = Message | Refused | Error;

/** `t` of i18next without its types: those ask for a literal key, and a Message's is known to exist. */
export type Translate = (key: string, values: Readonly<Record<string, string | number>>) => string;

/**
 * A message in the language of `t`. A refusal of the server goes by its problem code where `errors:problems` has it;
 * any other error says what it says, in English.
 */
export function say(t: Translate, what: Sayable): string {
  if (what instanceof MessageError) return sayMessage(t, what.said);
  if (what instanceof Error) return isRefused(what) ? sayRefused(t, what) : what.message;
  return 'key' in what ? sayMessage(t, what) : sayRefused(t, what);
}

function sayRefused(t: Translate, { code, detail, status = 0 }: Refused): string {
  return t(`errors:problems.${code}`, { detail, status, defaultValue: detail });
}

function sayMessage(t: Translate, { key, values = {} }: Message): string {
  const said = Object.entries(values).map(
    ([name, value]) => [name, typeof value === 'object' ? say(t, value) : value] as const,
  );
  return t(key, Object.fromEntries(said));
}

/** Only refusals of the server have a code in words; a DOMException's is a number. */
const isRefused = (error: object): error is Refused =>
  'code' in error && typeof error.code === 'string' && 'detail' in error && typeof error.detail === 'string';

/** An error that a person reads: `said` for them, in their language; `message` for logs, which know no catalogue. */
export class MessageError extends Error {
  override readonly name: string = 'MessageError';

  constructor(
    readonly said: Message,
    options?: ErrorOptions,
  ) {
    super(
      JSON.stringify(said, (_, value: unknown) => (value instanceof Error ? value.message : value)),
      options,
    );
  }
}

/** Anything can be thrown; people and logs get an Error. */
export const errorOf = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** What a person reads of it, as plain data. */
export function messageOf(thrown: unknown): Message {
  if (thrown instanceof MessageError) return thrown.said;
  return { key: 'errors:unexpected', values: { reason: errorOf(thrown).message } };
}

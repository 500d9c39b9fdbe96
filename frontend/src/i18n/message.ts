/** Sentences for people, from layers that know no language: a key and its values, translated where they are shown. */
import type { en } from './en';
import { createTranslator } from './translator';

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
  /** What stands in the sentence's gaps; `count` chooses the plural form. */
  readonly values?: Readonly<Record<string, string | number>>;
}

/** `t` of i18next without its types: those ask for a literal key, and a Message's is known to exist. */
export type Translate = (key: string, values: Readonly<Record<string, string | number>>) => string;

export const translate = (t: Translate, { key, values }: Message): string => t(key, values ?? {});

const english = createTranslator('en').t as Translate;

/** An error that a person reads: `said` for them, in their language; `message` in English, for logs. */
export class MessageError extends Error {
  override readonly name: string = 'MessageError';

  constructor(
    readonly said: Message,
    options?: ErrorOptions,
  ) {
    super(translate(english, said), options);
  }
}

import { describe, expect, test } from 'vitest';

import { inEnglish } from './english';
import { languageFor } from './language';
import { MessageError, say, type Translate } from './message';
import { createTranslator } from './translator';

const english = createTranslator('en').t as Translate;
const chinese = createTranslator('zh-CN').t as Translate;

class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

describe('a message', () => {
  test('is said in the language of the page', () => {
    expect(say(english, { key: 'common:cancel' })).toBe('Cancel');
    expect(say(chinese, { key: 'common:cancel' })).toBe('取消');
  });

  test.each([
    [0, '0 masks', '0 个掩码'],
    [1, '1 mask', '1 个掩码'],
    [1024, '1,024 masks', '1,024 个掩码'],
  ])('of %i masks takes the plural form and the digits of its language', (count, inEnglish, inChinese) => {
    const message = { key: 'common:masks', values: { count } } as const;
    expect(say(english, message)).toBe(inEnglish);
    expect(say(chinese, message)).toBe(inChinese);
  });

  test('leaves what a person typed as it was typed', () => {
    expect(say(english, { key: 'common:appTitle', values: { page: 'Cats & <dogs>' } })).toBe(
      'Cats & <dogs> · Maskloop',
    );
  });
});

describe('an error', () => {
  test('of ours is its key in the log and any language on the page', () => {
    const error = new MessageError({ key: 'errors:photoRefused', values: { status: 404 } });
    expect(error.message).toMatch(/errors:photoRefused.*404/);
    expect(inEnglish(new MessageError({ key: 'errors:offline' }))).toMatch(/^The server cannot be reached/);
    expect(say(chinese, new MessageError({ key: 'errors:offline' }))).toMatch(/^无法连接服务器/);
  });

  test("inside a sentence is said in the sentence's language", () => {
    const reason = new MessageError({ key: 'errors:offline' });
    const message = { key: 'project:imageStays', values: { reason } } as const;
    expect(say(english, message)).toBe(`The image is still there: ${inEnglish(reason)}`);
    expect(say(chinese, message)).toMatch(/^图像仍然保留：无法连接服务器/);
  });

  test('of the server is said by its problem code', () => {
    const error = new Refusal('not_found', 'There is no image 7.');
    expect(say(english, error)).toBe('There is no image 7.');
    expect(say(chinese, error)).toMatch(/^找不到/);
  });

  test('that was kept or posted as plain data is said like the error that it was', () => {
    const refused = structuredClone({ code: 'not_found', detail: 'There is no image 7.' });
    const message = { key: 'project:imageStays', values: { reason: refused } } as const;
    expect(say(english, message)).toBe('The image is still there: There is no image 7.');
    expect(say(chinese, message)).toMatch(/：找不到/);
  });

  test.each([
    ['an unknown code', new Refusal('from_the_future', 'Plain words.')],
    ['no code', new Error('Plain words.')],
  ])('with %s says what it says', (_, error) => {
    expect(say(chinese, error)).toBe('Plain words.');
  });
});

test.each([
  [['zh-TW', 'en'], 'zh-CN'],
  [['fr', 'zh-Hans-CN'], 'zh-CN'],
  [['en-GB', 'zh'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
] as const)('a browser that asks for %j gets %s', (preferred, language) => {
  expect(languageFor(preferred)).toBe(language);
});

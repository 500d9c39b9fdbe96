import { expect, test } from 'vitest';

import { en } from './en';
import { zhCN } from './zh-CN';

interface Tree {
  readonly [key: string]: string | Tree;
}

/** Every text by its path; the compiler holds the keys alike, so what is left to compare is what they say. */
function textsOf(tree: Tree, path = ''): Map<string, string> {
  const texts = Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as const] : [...textsOf(value, `${path}${key}.`)],
  );
  return new Map(texts);
}

const english = textsOf(en);
const chinese = textsOf(zhCN);
const gaps = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).sort();

test('a Chinese text has no gap that its English one does not fill', () => {
  const strange = [...chinese].filter(([key, text]) => {
    const known = gaps(english.get(key) ?? '');
    return gaps(text).some((name) => !known.includes(name));
  });
  expect(strange).toEqual([]);
});

test('no text is empty', () => {
  expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
});

import { expect, test } from 'vitest';

import { formatsOf } from './format';

test.each([
  ['en', '1,024', '50%', '840 ms', '1.2 sec', '41 MB', '2.6 GB'],
  ['zh-CN', '1,024', '50%', '840毫秒', '1.2秒', '41 MB', '2.6 GB'],
] as const)('%s writes numbers, shares, times and sizes its own way', (language, ...expected) => {
  const { number, percent, duration, bytes } = formatsOf(language);
  const written = [number(1024), percent(0.5), duration(840), duration(1234), bytes(41e6), bytes(2.6e9)];
  expect(written.map((text) => text.replace('\u00a0', ' '))).toEqual(expected);
});

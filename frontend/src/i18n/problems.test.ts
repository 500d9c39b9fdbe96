import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { en } from './en';
import { zhCN } from './zh-CN';

const BACKEND = join(import.meta.dirname, '../../../backend/maskloop');
/** Where the server's sources name a code: of a class, of one error that is raised, of a status, of a document. */
const NAMES = [
  /\bcode(?:: str)? ?= ?"(\w+)"/g,
  /^CODES = \{\d+: "(\w+)"\}/gm,
  /problem_response\([^"\n]*"(\w+)"/g,
];

const sources = readdirSync(BACKEND, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.py'))
  .map((path) => readFileSync(join(BACKEND, path), 'utf8'));
const codes = sources.flatMap((source) =>
  NAMES.flatMap((pattern) => [...source.matchAll(pattern)].flatMap(([, code]) => code ?? [])),
);

test('the codes are found in the sources of the server', () => {
  expect(codes).toEqual(
    expect.arrayContaining(['stale_version', 'not_found', 'too_large', 'invalid_request']),
  );
});

test.each([
  ['English', en.errors.problems],
  ['Chinese', zhCN.errors.problems],
])('every problem that the server can report is said in %s', (_, said) => {
  expect(codes.filter((code) => !(code in said))).toEqual([]);
});

test('in English the server words its problems itself', () => {
  const { unknown, ...known } = en.errors.problems;
  expect(unknown).toContain('{{status}}');
  expect(new Set(Object.values(known))).toEqual(new Set(['{{detail}}']));
});

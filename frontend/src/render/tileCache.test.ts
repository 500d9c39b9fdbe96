import { expect, it } from 'vitest';
import { TileCache } from './tileCache';

function cacheOf(budget: number) {
  const released: string[] = [];
  return { released, cache: new TileCache<string>(budget, (value) => released.push(value)) };
}

it('releases what was not used for longest, down to its budget', () => {
  const { cache, released } = cacheOf(20);
  for (const name of ['a', 'b', 'c']) cache.set(name, name, 10);
  cache.get('a');
  cache.trim(new Set());
  expect(released).toEqual(['b']);
  expect(['a', 'b', 'c'].map((name) => cache.has(name))).toEqual([true, false, true]);
});

it('keeps what is needed now, whatever it takes', () => {
  const { cache, released } = cacheOf(10);
  for (const name of ['a', 'b', 'c']) cache.set(name, name, 10);
  cache.trim(new Set(['a', 'b']));
  expect(released).toEqual(['c']);
});

it('counts what is replaced only once, and releases it', () => {
  const { cache, released } = cacheOf(20);
  cache.set('a', 'old', 10);
  cache.set('a', 'new', 10);
  cache.set('b', 'b', 10);
  cache.trim(new Set());
  expect(released).toEqual(['old']);
});

it('releases everything when it is cleared', () => {
  const { cache, released } = cacheOf(20);
  cache.set('a', 'a', 10);
  cache.clear();
  expect(released).toEqual(['a']);
  expect(cache.get('a')).toBeNull();
});

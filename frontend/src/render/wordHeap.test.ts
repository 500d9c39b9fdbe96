import { describe, expect, it } from 'vitest';
import { WordHeap } from './wordHeap';

const block = (length: number, value: number) => new Uint32Array(length).fill(value);

/** The words of one block. */
function read(heap: WordHeap, id: string, length: number): number[] {
  const start = heap.startOf(id) ?? -1;
  return [...heap.words.subarray(start, start + length)];
}

describe('the heap of mask words', () => {
  it('tells which rows of the texture an addition touched', () => {
    const heap = new WordHeap(4, 100);
    expect(heap.add('a', block(6, 1))).toEqual({ first: 0, end: 2, all: false });
    expect(heap.add('b', block(3, 2))).toEqual({ first: 1, end: 3, all: false });
    expect(read(heap, 'a', 6)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(read(heap, 'b', 3)).toEqual([2, 2, 2]);
  });

  it('grows and keeps what it holds', () => {
    const heap = new WordHeap(4, 100);
    heap.add('a', block(30, 1));
    expect(heap.add('b', block(30, 2)).all).toBe(true);
    expect(heap.rows).toBe(30);
    expect(read(heap, 'a', 30)).toEqual([...block(30, 1)]);
    expect(read(heap, 'b', 30)).toEqual([...block(30, 2)]);
  });

  it('closes the holes of removed blocks before it grows', () => {
    const heap = new WordHeap(4, 8);
    heap.add('a', block(16, 1));
    heap.add('b', block(12, 2));
    heap.remove('a');
    expect(heap.add('c', block(16, 3)).all).toBe(true);
    expect(heap.rows).toBe(8);
    expect(read(heap, 'b', 12)).toEqual([...block(12, 2)]);
    expect(read(heap, 'c', 16)).toEqual([...block(16, 3)]);
  });

  it('replaces a block of the same id', () => {
    const heap = new WordHeap(4, 8);
    heap.add('a', block(2, 1));
    heap.add('a', block(3, 9));
    expect(read(heap, 'a', 3)).toEqual([9, 9, 9]);
  });

  it('uses the texture to its last row and refuses what goes beyond', () => {
    const heap = new WordHeap(4, 10);
    heap.add('a', block(40, 1));
    expect(heap.rows).toBe(10);
    expect(() => heap.add('b', block(1, 2))).toThrow('errors:graphics.full');
  });
});

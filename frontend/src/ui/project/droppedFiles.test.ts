import { describe, expect, it } from 'vitest';

import { droppedFiles } from './droppedFiles';

const fileEntry = (fullPath: string) => ({
  isFile: true,
  fullPath,
  file: (resolve: (file: File) => void) => resolve(new File(['x'], fullPath)),
});

/** A folder whose reader hands out one entry at a time, as readers may. */
const folder = (...entries: readonly object[]) => ({
  isFile: false,
  createReader: () => {
    const left = [...entries];
    return { readEntries: (resolve: (portion: object[]) => void) => resolve(left.splice(0, 1)) };
  },
});

const drop = (...entries: readonly object[]) =>
  droppedFiles({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) } as never);

describe('dropped files', () => {
  it('come in the natural order of their paths, each folder on its own', async () => {
    const files = await drop(
      folder(fileEntry('/b/1.png'), folder(fileEntry('/b/c/0.png'))),
      fileEntry('/z.png'),
      folder(fileEntry('/a/10.png'), fileEntry('/a/9.png')),
    );
    expect(files.map(({ name }) => name)).toEqual([
      '/a/9.png',
      '/a/10.png',
      '/b/1.png',
      '/b/c/0.png',
      '/z.png',
    ]);
  });
});

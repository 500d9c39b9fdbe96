import { describe, expect, it } from 'vitest';
import { TileGrid, type Tile } from './tileGrid';

const grid = new TileGrid({ width: 20_001, height: 3000 }, { size: 512, overlap: 1, levels: 5 });
const tile = (level: number, x: number, y: number): Tile => ({ level, x, y });

describe('the level of a view', () => {
  it.each([
    [64, 0],
    [1, 0],
    [0.9, 0],
    [0.51, 0],
    [0.5, 1],
    [0.26, 1],
    [0.25, 2],
    [0.06, 4],
    [0.001, 4],
  ])('has a pixel for each device pixel: at scale %d level %d', (scale, level) => {
    expect(grid.levelFor(scale)).toBe(level);
  });

  it('has the sides of the one before, halved and rounded up', () => {
    expect([0, 1, 2, 3, 4].map((level) => grid.sizeOf(level).width)).toEqual([
      20_001, 10_001, 5001, 2501, 1251,
    ]);
  });
});

describe('the tiles of a view', () => {
  it('are those that show some of it, the middle first', () => {
    const tiles = grid.tilesIn(0, [512, 0, 1536, 512]);
    expect(tiles[0]).toEqual(tile(0, 2, 0));
    expect(new Set(tiles.map(({ x }) => x))).toEqual(new Set([1, 2, 3]));
  });

  it('grow with the level', () => {
    expect(grid.tilesIn(2, [2047, 0, 2, 1])).toEqual([tile(2, 0, 0), tile(2, 1, 0)]);
  });

  it('end with the image', () => {
    expect(grid.tilesIn(0, [-5000, -5000, 50_000, 50_000])).toHaveLength(40 * 6);
    expect(grid.tilesIn(0, [30_000, 0, 100, 100])).toEqual([]);
    expect(grid.tilesIn(0, [-300, 0, 100, 100])).toEqual([]);
  });

  it('cover the image without gaps, each pixel once', () => {
    for (const level of [0, 1, 4]) {
      const areas = grid.tilesIn(level, [0, 0, 20_001, 3000]).map((each) => grid.areaOf(each));
      expect(areas.reduce((sum, [, , width, height]) => sum + width * height, 0)).toBe(20_001 * 3000);
      expect(Math.max(...areas.map(([x, , width]) => x + width))).toBe(20_001);
    }
  });
});

describe('the picture of a tile', () => {
  it('has a pixel more where there is a neighbour', () => {
    expect(grid.pictureOf(tile(0, 0, 0))).toEqual([0, 0, 513, 513]);
    expect(grid.pictureOf(tile(0, 1, 1))).toEqual([511, 511, 514, 514]);
    expect(grid.pictureOf(tile(0, 39, 5))).toEqual([19_967, 2559, 34, 441]);
  });

  it('reaches beyond the image where a pixel of its level does', () => {
    expect(grid.pictureOf(tile(4, 2, 0))).toEqual([1023 * 16, 0, 228 * 16, 188 * 16]);
  });
});

describe('stand-ins', () => {
  it('are a coarser tile with the same area, or finer ones', () => {
    expect(grid.parentOf(tile(0, 5, 3))).toEqual(tile(1, 2, 1));
    expect(grid.parentOf(tile(4, 0, 0))).toBeNull();
    expect(grid.childrenOf(tile(1, 2, 1))).toHaveLength(4);
    expect(grid.childrenOf(tile(1, 19, 2))).toEqual(
      expect.arrayContaining([tile(0, 38, 4), tile(0, 38, 5), tile(0, 39, 4), tile(0, 39, 5)]),
    );
    expect(grid.childrenOf(tile(0, 0, 0))).toEqual([]);
  });
});

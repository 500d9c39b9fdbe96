/** Which tiles of a large image a view needs. Pure; the server cuts by the same rule (backend/maskloop/images/pyramid.py). */
import type { Xywh } from '../geometry/box';
import type { Size } from '../geometry/types';

/** Level 0 is the image itself; each further level has half of the sides, rounded up. */
export interface TileShape {
  /** Pixels of its level that a tile stands for, across and down; fewer at the right and lower edges. */
  readonly size: number;
  /** Pixels more on each side that has a neighbour: colours are interpolated across the seams. */
  readonly overlap: number;
  readonly levels: number;
}

export interface Tile {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

export const keyOf = ({ level, x, y }: Tile): string => `${level}/${x}/${y}`;

export class TileGrid {
  constructor(
    readonly imageSize: Size,
    readonly shape: TileShape,
  ) {}

  /** The coarsest level with a pixel for each device pixel; `scale` is device pixels to an image pixel. */
  levelFor(scale: number): number {
    const level = Math.floor(Math.log2(1 / scale));
    return Math.min(this.shape.levels - 1, Math.max(0, level));
  }

  sizeOf(level: number): Size {
    const { width, height } = this.imageSize;
    return { width: Math.ceil(width / 2 ** level), height: Math.ceil(height / 2 ** level) };
  }

  /** The tiles that show some of the box (image pixels), those nearest to its middle first. */
  tilesIn(level: number, [x, y, width, height]: Xywh): Tile[] {
    const side = this.shape.size * 2 ** level;
    const { width: right, height: bottom } = this.imageSize;
    const tiles: Tile[] = [];
    for (const row of cells(y, y + height, bottom, side)) {
      for (const column of cells(x, x + width, right, side)) tiles.push({ level, x: column, y: row });
    }
    const distance = (tile: Tile) =>
      Math.hypot((tile.x + 0.5) * side - (x + width / 2), (tile.y + 0.5) * side - (y + height / 2));
    return tiles.sort((a, b) => distance(a) - distance(b));
  }

  /** What a tile stands for, in image pixels. */
  areaOf({ level, x, y }: Tile): Xywh {
    const side = this.shape.size * 2 ** level;
    const [left, top] = [x * side, y * side];
    const { width, height } = this.imageSize;
    return [left, top, Math.min(side, width - left), Math.min(side, height - top)];
  }

  /** What a tile's file shows: its overlap too, in image pixels; the last pixels may reach beyond the image. */
  pictureOf({ level, x, y }: Tile): Xywh {
    const { size, overlap } = this.shape;
    const whole = this.sizeOf(level);
    const [left, top] = [Math.max(0, x * size - overlap), Math.max(0, y * size - overlap)];
    const right = Math.min(whole.width, (x + 1) * size + overlap);
    const bottom = Math.min(whole.height, (y + 1) * size + overlap);
    const scale = 2 ** level;
    return [left * scale, top * scale, (right - left) * scale, (bottom - top) * scale];
  }

  /** The tile of the next coarser level that shows this one's area; none above the last level. */
  parentOf({ level, x, y }: Tile): Tile | null {
    return level + 1 < this.shape.levels ? { level: level + 1, x: x >> 1, y: y >> 1 } : null;
  }

  /** The tiles of the next finer level that show this one's area, at most four. */
  childrenOf(tile: Tile): Tile[] {
    return tile.level === 0 ? [] : this.tilesIn(tile.level - 1, this.areaOf(tile));
  }
}

/** Indices of the cells of `side` that touch from..to within 0..end. */
function cells(from: number, to: number, end: number, side: number): number[] {
  const first = Math.max(0, Math.floor(from / side));
  const last = Math.min(Math.ceil(end / side), Math.ceil(to / side));
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
}

/**
 * The tiles of a large photo, over its overview: those of the level that the view needs, and as long as one of them is
 * missing, whatever coarser or finer ones are there in its place.
 */
import type { Xywh } from '../geometry/box';
import type { Frame, Gl } from './gl';
import type { PhotoTiles } from './photo';
import { createPhotoTexture } from './photoTexture';
import { TileCache } from './tileCache';
import { keyOf, type Tile } from './tileGrid';
import { TileLoader } from './tileLoader';

/** Of graphics memory. A screen of 3840x2160 needs at most 170 MB: four pixels a device pixel, RGBA, and what the edges cut. */
const BUDGET = 192 * 1024 ** 2;

/** A picture and where it lies, in image pixels. */
export interface PlacedTexture {
  readonly texture: WebGLTexture;
  /** What it is drawn for. */
  readonly area: Xywh;
  /** What all of it shows. */
  readonly picture: Xywh;
}

export class TileLayer {
  private readonly cache: TileCache<WebGLTexture>;
  private readonly loader: TileLoader;

  constructor(
    private readonly gl: Gl,
    private readonly tiles: PhotoTiles,
    /** Told which part of the image, in its pixels, looks sharper now. */
    private readonly onArrival: (area: Xywh) => void,
  ) {
    this.cache = new TileCache(BUDGET, (texture) => gl.deleteTexture(texture));
    this.loader = new TileLoader({ urlOf: tiles.urlOf, onTile: this.onTile });
  }

  /** What to draw, in this order; asks for what is missing. The overview stands for the last level. */
  visible(frame: Frame): PlacedTexture[] {
    const { grid } = this.tiles;
    const level = grid.levelFor(frame.view.scale);
    const wanted = level < grid.shape.levels - 1 ? grid.tilesIn(level, visibleBox(frame)) : [];
    const missing = wanted.filter((tile) => !this.cache.has(keyOf(tile)));
    this.loader.want(missing);
    const coarser = uniqueTiles(missing.flatMap((tile) => this.coarserThan(tile) ?? []));
    const finer = missing.flatMap((tile) => grid.childrenOf(tile));
    const drawn = [...coarser.sort((a, b) => b.level - a.level), ...finer, ...wanted];
    const placed = drawn.flatMap((tile) => this.place(tile) ?? []);
    this.cache.trim(new Set(drawn.map(keyOf)));
    return placed;
  }

  dispose(): void {
    this.loader.stop();
    this.cache.clear();
  }

  private coarserThan(tile: Tile): Tile | null {
    const { grid } = this.tiles;
    for (let parent = grid.parentOf(tile); parent; parent = grid.parentOf(parent)) {
      if (this.cache.has(keyOf(parent))) return parent;
    }
    return null;
  }

  private place(tile: Tile): PlacedTexture | null {
    const texture = this.cache.get(keyOf(tile));
    const { grid } = this.tiles;
    return texture && { texture, area: grid.areaOf(tile), picture: grid.pictureOf(tile) };
  }

  private readonly onTile = (tile: Tile, bitmap: ImageBitmap): void => {
    const { width, height } = bitmap;
    this.cache.set(keyOf(tile), createPhotoTexture(this.gl, bitmap), width * height * 4);
    bitmap.close();
    this.onArrival(this.tiles.grid.areaOf(tile));
  };
}

/** The part of the image that lies on the canvas, image pixels. */
function visibleBox({ view, width, height }: Frame): Xywh {
  return [-view.x / view.scale, -view.y / view.scale, width / view.scale, height / view.scale];
}

const uniqueTiles = (tiles: readonly Tile[]): Tile[] => [
  ...new Map(tiles.map((tile) => [keyOf(tile), tile])).values(),
];

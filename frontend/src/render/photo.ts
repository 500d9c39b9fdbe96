/** Photos for the canvas, decoded off the main thread: whole, or of large ones an overview to which tiles are added. */
import type { Size } from '../geometry/types';
import { MessageError } from '../i18n/message';
import { TileGrid, type Tile, type TileShape } from './tileGrid';

/** Where the tiles of a large photo are found. */
export interface PhotoTiles {
  readonly grid: TileGrid;
  readonly urlOf: (tile: Tile) => string;
}

/** A photo ready to draw. Whoever loaded it may close the bitmap once the renderer shows another one. */
export interface Photo {
  /** All of it; of a photo with tiles, their last level. */
  readonly bitmap: ImageBitmap;
  readonly imageSize: Size;
  /** Null where the bitmap has every pixel. */
  readonly tiles: PhotoTiles | null;
}

export interface LoadPhotoOptions {
  readonly imageSize: Size;
  readonly signal?: AbortSignal;
}

/** Throws a MessageError, or the signal's reason when aborted. */
export async function loadPhoto(url: string, { imageSize, signal }: LoadPhotoOptions): Promise<Photo> {
  return { bitmap: await fetchBitmap(url, signal), imageSize, tiles: null };
}

export interface LoadTiledPhotoOptions extends LoadPhotoOptions {
  readonly shape: TileShape;
}

/** A large photo with the tiles of its overview; errors as those of `loadPhoto`. */
export async function loadTiledPhoto(
  urlOf: (tile: Tile) => string,
  { imageSize, shape, signal }: LoadTiledPhotoOptions,
): Promise<Photo> {
  const grid = new TileGrid(imageSize, shape);
  const level = shape.levels - 1;
  const canvas = canvasOf(grid.sizeOf(level));
  const context = canvas.getContext('2d');
  const tiles = grid.tilesIn(level, [0, 0, imageSize.width, imageSize.height]);
  const paste = async (tile: Tile) => {
    const bitmap = await fetchBitmap(urlOf(tile), signal);
    const [left, top] = grid.pictureOf(tile);
    context?.drawImage(bitmap, left / 2 ** level, top / 2 ** level);
    bitmap.close();
  };
  await Promise.all(tiles.map(paste));
  return { bitmap: canvas.transferToImageBitmap(), imageSize, tiles: { grid, urlOf } };
}

const canvasOf = ({ width, height }: Size): OffscreenCanvas => new OffscreenCanvas(width, height);

/** Fetches and decodes a picture; errors as those of `loadPhoto`. */
export async function fetchBitmap(url: string, signal?: AbortSignal): Promise<ImageBitmap> {
  const bitmap = await decode(await fetchBlob(url, signal));
  if (signal?.aborted) bitmap.close();
  signal?.throwIfAborted();
  return bitmap;
}

async function fetchBlob(url: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(url, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new MessageError({ key: 'errors:offline' }, { cause: error });
  });
  const { ok, status } = response;
  if (!ok) throw new MessageError({ key: 'errors:photoRefused', values: { status } });
  return await response.blob();
}

async function decode(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob);
  } catch (error) {
    throw new MessageError({ key: 'errors:photoUndecodable' }, { cause: error });
  }
}

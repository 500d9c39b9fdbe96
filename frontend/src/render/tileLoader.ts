/** Fetches tiles a few at a time, in the order in which they are wanted; what is no longer wanted is given up. */
import { fetchBitmap } from './photo';
import { keyOf, type Tile } from './tileGrid';

/** A browser opens six connections to a server; clicks and saves need some, too. */
const AT_ONCE = 4;
/** Rest after a failure: the server may be away. */
const RETRY_MS = 3000;

export interface TileLoaderOptions {
  readonly urlOf: (tile: Tile) => string;
  /** Takes the bitmap over. */
  readonly onTile: (tile: Tile, bitmap: ImageBitmap) => void;
}

export class TileLoader {
  private wanted: readonly Tile[] = [];
  private readonly loading = new Map<string, AbortController>();
  private resting: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: TileLoaderOptions) {}

  /** All that is missing now, the most urgent first. Replaces what was wanted before. */
  want(tiles: readonly Tile[]): void {
    this.wanted = tiles;
    const keys = new Set(tiles.map(keyOf));
    for (const [key, abort] of this.loading) {
      if (keys.has(key)) continue;
      this.loading.delete(key);
      abort.abort();
    }
    this.loadNext();
  }

  stop(): void {
    if (this.resting !== null) clearTimeout(this.resting);
    this.resting = null;
    this.want([]);
  }

  private loadNext(): void {
    if (this.resting !== null) return;
    for (const tile of this.wanted) {
      if (this.loading.size >= AT_ONCE) return;
      if (!this.loading.has(keyOf(tile))) void this.load(tile);
    }
  }

  private async load(tile: Tile): Promise<void> {
    const [key, abort] = [keyOf(tile), new AbortController()];
    this.loading.set(key, abort);
    const bitmap = await fetchBitmap(this.options.urlOf(tile), abort.signal).catch(() => null);
    if (abort.signal.aborted) {
      bitmap?.close();
      return;
    }
    this.loading.delete(key);
    if (bitmap) {
      this.wanted = this.wanted.filter((other) => keyOf(other) !== key);
      this.options.onTile(tile, bitmap);
    } else {
      this.rest();
    }
    this.loadNext();
  }

  private rest(): void {
    this.resting ??= setTimeout(() => {
      this.resting = null;
      this.loadNext();
    }, RETRY_MS);
  }
}

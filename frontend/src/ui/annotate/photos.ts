/** Decoded photos of the image at hand and its neighbours. */
import { pixelsUrl, tileUrl } from '../../api/images';
import type { ImageDetail } from '../../api/types';
import { loadPhoto, loadTiledPhoto, type Photo } from '../../render/photo';

interface Loading {
  readonly photo: Promise<Photo>;
  readonly abort: AbortController;
}

/** The image, and at most this many others, ahead of it or behind. */
const KEPT = 4;
/** A larger photo without tiles is decoded only when it is opened: it would take more than 50 MB. */
const LARGEST_AHEAD = 12_000_000;

export class Photos {
  private readonly loading = new Map<number, Loading>();

  /** Throws a sentence for a person; a failed photo is loaded again by the next call. */
  get(image: ImageDetail): Promise<Photo> {
    const known = this.loading.get(image.id) ?? this.load(image);
    this.loading.delete(image.id);
    this.loading.set(image.id, known);
    this.putAway();
    return known.photo;
  }

  ahead(image: ImageDetail): void {
    const isSmall = image.tiles !== null || image.width * image.height <= LARGEST_AHEAD;
    if (isSmall && !this.loading.has(image.id)) this.load(image);
  }

  clear(): void {
    for (const id of [...this.loading.keys()]) this.drop(id);
  }

  private load(image: ImageDetail): Loading {
    const abort = new AbortController();
    const photo = load(image, abort.signal);
    const loading = { photo, abort };
    photo.catch(() => this.loading.get(image.id) === loading && this.loading.delete(image.id));
    this.loading.set(image.id, loading);
    return loading;
  }

  /** Least recently used first. */
  private putAway(): void {
    for (const id of [...this.loading.keys()].slice(0, -KEPT)) this.drop(id);
  }

  private drop(id: number): void {
    const loading = this.loading.get(id);
    this.loading.delete(id);
    loading?.abort.abort();
    loading?.photo.then(({ bitmap }) => bitmap.close()).catch(() => undefined); // Aborted: nothing to close.
  }
}

function load(image: ImageDetail, signal: AbortSignal): Promise<Photo> {
  const { id, tiles: shape } = image;
  if (!shape) return loadPhoto(pixelsUrl(id), { imageSize: image, signal });
  return loadTiledPhoto((tile) => tileUrl(id, tile), { imageSize: image, shape, signal });
}

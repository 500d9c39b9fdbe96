/** Photos for the canvas: decoded off the main thread, scaled down where a texture could not hold them. */
import type { Size } from '../geometry/types';

/** A photo ready to draw. Whoever loaded it may close the bitmap once the renderer shows another one. */
export interface Photo {
  readonly bitmap: ImageBitmap;
  /** Size of the image in its own pixels, which the bitmap may have fewer of. */
  readonly imageSize: Size;
}

/** Nearly every device takes textures of this side; 40 megapixels are 213 MB with their mipmaps. */
const MAX_SIDE = 8192;
const MAX_AREA = 40_000_000;

/** The size at which a photo is drawn: its own, or the largest of its shape within the limits. */
export function textureSize({ width, height }: Size, maxSide = MAX_SIDE): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height), Math.sqrt(MAX_AREA / (width * height)));
  if (scale === 1) return { width, height };
  const side = (length: number) => Math.max(1, Math.floor(length * scale));
  return { width: side(width), height: side(height) };
}

export interface LoadPhotoOptions {
  readonly imageSize: Size;
  readonly signal?: AbortSignal;
}

/** Throws an Error with a sentence for a person, or the signal's reason when aborted. */
export async function loadPhoto(url: string, { imageSize, signal }: LoadPhotoOptions): Promise<Photo> {
  const blob = await fetchPhoto(url, signal);
  const bitmap = await decode(blob, imageSize);
  if (signal?.aborted) bitmap.close();
  signal?.throwIfAborted();
  return { bitmap, imageSize };
}

async function fetchPhoto(url: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(url, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new Error('Could not load the photo: the server cannot be reached.', { cause: error });
  });
  if (!response.ok) throw new Error(`Could not load the photo: the server answered ${response.status}.`);
  return await response.blob();
}

async function decode(blob: Blob, imageSize: Size): Promise<ImageBitmap> {
  const target = textureSize(imageSize);
  const isScaled = target.width !== imageSize.width;
  try {
    return await createImageBitmap(
      blob,
      isScaled ? { resizeWidth: target.width, resizeHeight: target.height, resizeQuality: 'medium' } : {},
    );
  } catch (error) {
    const { width, height } = imageSize;
    throw new Error(`The browser could not decode the photo (${width}x${height}).`, { cause: error });
  }
}

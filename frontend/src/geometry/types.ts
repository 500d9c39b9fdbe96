/** Coordinates are (x, y) in pixels of the image as shown (EXIF orientation applied); pixel centres lie at +0.5. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An axis-aligned box, corners XYXY in image pixels, x0 <= x1 and y0 <= y1. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** COCO's compressed run-length encoding: column-major runs, `size` is [height, width]. */
export interface Rle {
  readonly size: readonly [height: number, width: number];
  readonly counts: string;
}

/** A binary mask, row-major, one byte a pixel, 0 or 1. */
export interface Bitmap extends Size {
  readonly data: Uint8Array;
}

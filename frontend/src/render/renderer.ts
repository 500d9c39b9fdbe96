/**
 * Draws the annotation canvas with WebGL2. Free of React: a component makes one per canvas and feeds it scenes.
 *
 *   const renderer = new Renderer(canvas, { onError });
 *   renderer.setPhoto(await loadPhoto(pixelsUrl, { imageSize, signal }));   // null while the next one loads
 *   renderer.setScene(scene);            // any time; drawn in the next animation frame, only when something changed
 *   renderer.dispose();
 *
 * The renderer observes the canvas' CSS size and the device's pixel ratio itself. `view` in the scene is in CSS pixels.
 */
import type { Scene } from './scene';

/** A photo ready to upload: at most `MAX_PHOTO_AREA` pixels and never larger than a texture may be. */
export interface Photo {
  readonly bitmap: ImageBitmap;
  /** Bitmap pixels per image pixel: 1 unless the photo had to be scaled down. */
  readonly scale: number;
}

export interface RendererApi {
  setPhoto(photo: Photo | null): void;
  setScene(scene: Scene | null): void;
  /** Asks for a redraw in the next animation frame. */
  invalidate(): void;
  /** Draws now; for screenshots and tests. */
  renderNow(): void;
  dispose(): void;
}

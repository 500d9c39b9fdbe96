/**
 * Draws the annotation canvas with WebGL2. Free of React: a component makes one per canvas and feeds it scenes.
 *
 *   const renderer = new Renderer(canvas, { onError });
 *   renderer.setPhoto(await loadPhoto(pixelsUrl, { imageSize, signal }));   // null while the next one loads
 *   renderer.setScene(sceneOf(editor.getSnapshot(), { imageSize, view }));  // any time; drawn in the next animation frame
 *   renderer.dispose();
 *
 * The canvas' size in CSS is the page's business; the renderer follows it, and the device's pixel ratio, by itself.
 * `view` in the scene is in CSS pixels. Photo and accepted masks are kept as one picture, so that a preview under the
 * moving mouse costs the same on an empty image and on one with a thousand masks.
 */
import { CandidateLayer } from './candidateLayer';
import { observeCanvasSize } from './canvasSize';
import { rgbOf } from './color';
import { Target, type Frame, type Gl } from './gl';
import { MarkLayer } from './markLayer';
import { MaskLayer } from './maskLayer';
import type { Photo } from './photo';
import { PhotoLayer } from './photoLayer';
import type { Scene } from './scene';

export interface RendererOptions {
  /** Told once about anything that keeps the canvas from being drawn. */
  readonly onError?: (error: Error) => void;
  /** Around the photo, `#rrggbb`. */
  readonly backdrop?: string;
}

interface Layers {
  readonly photo: PhotoLayer;
  readonly masks: MaskLayer;
  readonly candidate: CandidateLayer;
  readonly marks: MarkLayer;
  /** Photo and accepted masks. */
  readonly still: Target;
}

export class Renderer {
  private readonly gl: Gl;
  private readonly stopObserving: () => void;
  private readonly onError: (error: Error) => void;
  private readonly backdrop: readonly [r: number, g: number, b: number];
  private layers: Layers | null;
  private photo: Photo | null = null;
  private scene: Scene | null = null;
  private size = { width: 0, height: 0 };
  private isStillStale = true;
  private requested = 0;

  /** Throws when the browser has no WebGL2. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    { onError = () => undefined, backdrop = '#16181d' }: RendererOptions = {},
  ) {
    this.onError = onError;
    this.backdrop = rgbOf(backdrop);
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false });
    if (!gl) throw new Error('This browser cannot draw with WebGL2, which the annotation page needs.');
    this.gl = gl;
    this.layers = createLayers(gl);
    canvas.addEventListener('webglcontextlost', this.onContextLost);
    canvas.addEventListener('webglcontextrestored', this.onContextRestored);
    this.stopObserving = observeCanvasSize(canvas, (width, height) => {
      this.size = { width, height };
      this.invalidate();
    });
  }

  /** The bitmap stays the caller's; keep it open until another photo is set. */
  setPhoto(photo: Photo | null): void {
    this.photo = photo;
    this.layers?.photo.setPhoto(photo);
    this.isStillStale = true;
    this.invalidate();
  }

  setScene(scene: Scene | null): void {
    const before = this.scene;
    if (scene === before) return;
    this.scene = scene;
    if (before?.masks !== scene?.masks) this.updateMasks();
    if (!before || !scene || !isSameStill(before, scene)) this.isStillStale = true;
    this.invalidate();
  }

  /** Asks for a redraw in the next animation frame. */
  readonly invalidate = (): void => {
    this.requested ||= requestAnimationFrame(() => {
      this.requested = 0;
      this.renderNow();
    });
  };

  /** Draws at once: for screenshots and tests, which read the canvas in the same task. */
  readonly renderNow = (): void => {
    if (!this.layers || this.gl.isContextLost()) return;
    try {
      this.draw(this.layers);
    } catch (error) {
      this.fail(error);
    }
  };

  dispose(): void {
    cancelAnimationFrame(this.requested);
    this.stopObserving();
    this.canvas.removeEventListener('webglcontextlost', this.onContextLost);
    this.canvas.removeEventListener('webglcontextrestored', this.onContextRestored);
    this.layers = null;
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private draw(layers: Layers): void {
    const { gl, scene } = this;
    this.fitCanvas();
    if (!scene) {
      this.clear();
      return;
    }
    const frame = this.frameOf(scene);
    this.drawStill(layers, frame);
    layers.still.blitToCanvas();
    gl.viewport(0, 0, frame.width, frame.height);
    layers.masks.drawEmphasised(frame, scene);
    for (const candidate of scene.candidates) {
      if ('logits' in candidate) layers.candidate.draw(frame, candidate);
    }
    layers.marks.draw(frame, scene);
  }

  /** Resizing clears the canvas, so it happens in the frame that draws it anew. */
  private fitCanvas(): void {
    const { width, height } = this.size;
    if (width && this.canvas.width !== width) this.canvas.width = width;
    if (height && this.canvas.height !== height) this.canvas.height = height;
  }

  private drawStill({ still, photo, masks }: Layers, frame: Frame): void {
    const resized = still.begin(frame.width, frame.height);
    if (resized || this.isStillStale) {
      this.clear();
      photo.draw(frame);
      masks.draw(frame);
      this.isStillStale = false;
    }
  }

  private clear(): void {
    this.gl.clearColor(...this.backdrop, 1);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
  }

  private frameOf({ view, imageSize }: Scene): Frame {
    const { width, height, clientWidth } = this.canvas;
    const ratio = clientWidth ? width / clientWidth : devicePixelRatio;
    const { scale, x, y } = view;
    return {
      width,
      height,
      ratio,
      view: { scale: scale * ratio, x: x * ratio, y: y * ratio },
      imageSize,
    };
  }

  private updateMasks(): void {
    try {
      this.layers?.masks.update(this.scene?.masks ?? []);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Stops drawing: the same error would come back with every frame. */
  private fail(error: unknown): void {
    this.layers = null;
    this.onError(error instanceof Error ? error : new Error(String(error)));
  }

  /** Without this the browser never restores the context. */
  private readonly onContextLost = (event: Event): void => {
    event.preventDefault();
    this.layers = null;
  };

  private readonly onContextRestored = (): void => {
    this.layers = createLayers(this.gl);
    this.layers.photo.setPhoto(this.photo);
    this.updateMasks();
    this.isStillStale = true;
    this.invalidate();
  };
}

function createLayers(gl: Gl): Layers {
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return {
    photo: new PhotoLayer(gl),
    masks: new MaskLayer(gl),
    candidate: new CandidateLayer(gl),
    marks: new MarkLayer(gl),
    still: new Target(gl, 'RGBA8'),
  };
}

/** Whether photo and accepted masks look the same. */
function isSameStill(a: Scene, b: Scene): boolean {
  const isSameView = a.view.scale === b.view.scale && a.view.x === b.view.x && a.view.y === b.view.y;
  const isSameSize = a.imageSize.width === b.imageSize.width && a.imageSize.height === b.imageSize.height;
  return a.masks === b.masks && isSameView && isSameSize;
}

/**
 * Draws the annotation canvas with WebGL2. Free of React: a component makes one per canvas and feeds it scenes.
 *
 *   const renderer = new Renderer(canvas, { onError });
 *   renderer.setPhoto(await loadPhoto(pixelsUrl, { imageSize, signal }));   // null while the next one loads
 *   renderer.setScene(sceneOf(editor.getSnapshot(), { imageSize, view }));  // any time; drawn in the next animation frame
 *   renderer.dispose();
 *
 * The canvas' size in CSS is the page's business; the renderer follows it, and the device's pixel ratio, by itself.
 * `view` in the scene is in CSS pixels; the image is moved to whole device pixels, so that panning can shift what is drawn
 * already. Photo and accepted masks are kept as one picture (still.ts). Everything else is drawn over it, and where it was
 * in the last frame the picture is shown again: a frame costs what changes in it, not what the canvas holds.
 */
import { keepEqual } from '../editor/stable';
import type { Xywh } from '../geometry/box';
import { MessageError } from '../i18n/message';
import { CandidateLayer } from './candidateLayer';
import { observeCanvasSize } from './canvasSize';
import { rgbOf } from './color';
import { DraftLayer } from './draftLayer';
import { isSameFrame, type Frame, type Gl } from './gl';
import { MarkLayer } from './markLayer';
import { MaskLayer } from './maskLayer';
import { overlayAreas } from './overlay';
import type { Photo } from './photo';
import { PhotoLayer } from './photoLayer';
import { fewOf, wholeOf, type Rect } from './rects';
import { RingLayer } from './ringLayer';
import { PLAIN_SCENE, type PhotoAdjustments, type Scene } from './scene';
import { REST_MS, Still, type StillNews } from './still';

export interface RendererOptions {
  /** Told once about anything that keeps the canvas from being drawn. */
  readonly onError?: (error: Error) => void;
  /** Around the photo, `#rrggbb`. */
  readonly backdrop?: string;
}

/** After so long without a frame, milliseconds, what the hand may reach next is painted ahead. */
const IDLE_MS = 200;
/** Between two steps of it. */
const AHEAD_MS = 16;

interface Layers {
  readonly photo: PhotoLayer;
  readonly masks: MaskLayer;
  readonly candidate: CandidateLayer;
  readonly draft: DraftLayer;
  readonly rings: RingLayer;
  readonly marks: MarkLayer;
  /** Photo and accepted masks. */
  readonly still: Still;
}

/** What is on the canvas. */
interface Shown {
  readonly frame: Frame;
  /** Where there is anything over the picture, canvas pixels. */
  readonly overlay: readonly Rect[];
}

export class Renderer {
  private readonly gl: Gl;
  private readonly stopObserving: () => void;
  private readonly onError: (error: Error) => void;
  private backdrop: readonly [r: number, g: number, b: number];
  private layers: Layers | null;
  private photo: Photo | null = null;
  private scene: Scene | null = null;
  private size = { width: 0, height: 0 };
  private shown: Shown | null = null;
  private requested = 0;
  private waiting = 0;

  /** Throws when the browser has no WebGL2. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    { onError = () => undefined, backdrop = '#16181d' }: RendererOptions = {},
  ) {
    this.onError = onError;
    this.backdrop = rgbOf(backdrop);
    // With alpha, although all is opaque: copies between unlike formats are slow without a GPU.
    const gl = canvas.getContext('webgl2', { antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) throw new MessageError({ key: 'errors:graphics.missing' });
    this.gl = gl;
    this.layers = this.createLayers();
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
    this.invalidatePhoto();
  }

  setScene(scene: Scene | null): void {
    const before = this.scene;
    if (scene === before || (scene && keepEqual(before, scene) === before)) return;
    this.scene = scene;
    if (before?.masks !== scene?.masks || before?.hiddenIds !== scene?.hiddenIds) this.updateMasks();
    if (!before || !scene || !isSameSize(before, scene)) this.layers?.still.forget();
    else if (!isSameLook(before, scene)) this.layers?.still.invalidate();
    this.invalidate();
  }

  /** The photo looks different: another one, or more of it has arrived. */
  readonly invalidatePhoto = (): void => {
    this.layers?.still.forget();
    this.invalidate();
  };

  /** A part of the photo, in image pixels, looks sharper than it did. */
  private readonly onPhotoArrival = (area: Xywh): void => {
    this.layers?.still.invalidate([area]);
    this.invalidate();
  };

  /** Around the photo, `#rrggbb`. */
  setBackdrop(color: string): void {
    this.backdrop = rgbOf(color);
    this.invalidatePhoto();
  }

  /** Asks for a redraw in the next animation frame. */
  readonly invalidate = (): void => {
    this.requested ||= requestAnimationFrame(() => {
      this.requested = 0;
      this.render(false);
    });
  };

  /** Draws at once and exactly: for screenshots and tests, which read the canvas in the same task. */
  readonly renderNow = (): void => this.render(true);

  dispose(): void {
    cancelAnimationFrame(this.requested);
    clearTimeout(this.waiting);
    this.stopObserving();
    this.canvas.removeEventListener('webglcontextlost', this.onContextLost);
    this.canvas.removeEventListener('webglcontextrestored', this.onContextRestored);
    this.layers = null;
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  private render(isExact: boolean): void {
    if (!this.layers || this.gl.isContextLost()) return;
    try {
      this.draw(this.layers, isExact);
    } catch (error) {
      this.fail(error);
    }
  }

  private draw(layers: Layers, isExact: boolean): void {
    const { gl, scene } = this;
    clearTimeout(this.waiting);
    this.fitCanvas();
    if (!scene) {
      this.clear();
      this.shown = null;
      return;
    }
    const frame = this.frameOf(scene);
    const news = layers.still.update(frame, isExact);
    const overlay = [...layers.masks.emphasisedAreas(frame, scene), ...overlayAreas(frame, scene)];
    layers.still.show(frame, this.changesOf(frame, news, overlay));
    this.shown = { frame, overlay };
    gl.viewport(0, 0, frame.width, frame.height);
    layers.masks.drawEmphasised(frame, scene);
    drawCandidates(layers, frame, scene);
    if (scene.draft) layers.draft.draw(frame, scene.draft, scene.outlineOnly);
    if (scene.draft?.rings) layers.rings.draw(frame, scene.draft.rings);
    layers.marks.draw(frame, scene);
    this.goOn(news.state);
  }

  /** What of the canvas is not as it was in the last frame, canvas pixels. */
  private changesOf(frame: Frame, { changed }: StillNews, overlay: readonly Rect[]): Rect[] {
    const { shown } = this;
    if (!changed || !shown || !isSameFrame(shown.frame, frame)) return [wholeOf(frame)];
    return fewOf([...changed, ...shown.overlay, ...overlay], wholeOf(frame));
  }

  private goOn(state: StillNews['state']): void {
    if (state === 'painting') this.invalidate();
    else if (state === 'resting') this.waiting = window.setTimeout(this.invalidate, REST_MS);
    else this.waiting = window.setTimeout(this.paintAhead, IDLE_MS);
  }

  /** In small steps, which end with the next frame. */
  private readonly paintAhead = (): void => {
    const { layers, scene, gl } = this;
    if (!layers || !scene || gl.isContextLost()) return;
    if (!layers.still.paintAhead(this.frameOf(scene))) return;
    this.waiting = window.setTimeout(this.paintAhead, AHEAD_MS);
  };

  /** Resizing clears the canvas, so it happens in the frame that draws it anew. */
  private fitCanvas(): void {
    const { width, height } = this.size;
    if (width && this.canvas.width !== width) this.canvas.width = width;
    if (height && this.canvas.height !== height) this.canvas.height = height;
  }

  private clear(): void {
    this.gl.clearColor(...this.backdrop, 1);
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
  }

  private frameOf({ view, imageSize }: Scene): Frame {
    const { width, height, clientWidth } = this.canvas;
    const ratio = clientWidth ? width / clientWidth : devicePixelRatio;
    const scale = view.scale * ratio;
    const [x, y] = [Math.round(view.x * ratio), Math.round(view.y * ratio)];
    return {
      width,
      height,
      ratio,
      view: { scale, x, y },
      imageSize,
    };
  }

  private updateMasks(): void {
    try {
      const { masks, hiddenIds } = this.scene ?? PLAIN_SCENE;
      const changed = this.layers?.masks.update(masks, hiddenIds);
      this.layers?.still.invalidate(changed);
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
    this.layers = this.createLayers();
    this.shown = null;
    this.layers.photo.setPhoto(this.photo);
    this.updateMasks();
    this.invalidate();
  };

  private createLayers(): Layers {
    const { gl } = this;
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const [photo, masks] = [new PhotoLayer(gl, this.onPhotoArrival), new MaskLayer(gl)];
    const paintBehind = (frame: Frame) => {
      this.clear();
      photo.draw(frame, (this.scene ?? PLAIN_SCENE).adjustments);
    };
    const paint = (frame: Frame, clip: Rect) => {
      paintBehind(frame);
      masks.draw(frame, clip, this.scene ?? PLAIN_SCENE);
    };
    const still = new Still(gl, { paint, paintBehind });
    const [candidate, draft] = [new CandidateLayer(gl), new DraftLayer(gl)];
    return { photo, masks, still, candidate, draft, rings: new RingLayer(gl), marks: new MarkLayer(gl) };
  }
}

function drawCandidates(
  { candidate, draft }: Layers,
  frame: Frame,
  { candidates, outlineOnly }: Scene,
): void {
  for (const mask of candidates) {
    if ('logits' in mask) candidate.draw(frame, mask, outlineOnly);
    else draft.drawFull(frame, mask, outlineOnly);
  }
}

const isSameSize = ({ imageSize: a }: Scene, { imageSize: b }: Scene): boolean =>
  a.width === b.width && a.height === b.height;

/** Whether photo and masks are shown in the same way. */
function isSameLook(a: Scene, b: Scene): boolean {
  const isSameFill = a.outlineOnly === b.outlineOnly && a.maskOpacity === b.maskOpacity;
  return isSameFill && isSamePhoto(a.adjustments, b.adjustments);
}

function isSamePhoto(a: PhotoAdjustments, b: PhotoAdjustments): boolean {
  return a.brightness === b.brightness && a.contrast === b.contrast && a.gamma === b.gamma;
}

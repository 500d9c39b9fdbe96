/** The photo under everything: smooth when zoomed out, its true pixels when zoomed in. */
import type { Xywh } from '../geometry/box';
import { createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import type { Photo } from './photo';
import { createPhotoTexture } from './photoTexture';
import type { PhotoAdjustments } from './scene';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/photo.frag.glsl?raw';
import vertex from './shaders/photo.vert.glsl?raw';
import { TileLayer, type PlacedTexture } from './tileLayer';

/** Device pixels per photo pixel from which on a person wants to see the pixels themselves. */
const PIXELS_VISIBLE = 4;

export class PhotoLayer {
  private readonly program: Program;
  private whole: PlacedTexture | null = null;
  private tiles: TileLayer | null = null;

  constructor(
    private readonly gl: Gl,
    /** Told which part of the image, in its pixels, looks sharper now. */
    private readonly onArrival: (area: Xywh) => void,
  ) {
    this.program = createProgram(gl, common + vertex, common + fragment);
  }

  setPhoto(photo: Photo | null): void {
    this.tiles?.dispose();
    this.gl.deleteTexture(this.whole?.texture ?? null);
    this.whole = photo && this.place(photo);
    this.tiles = photo?.tiles ? new TileLayer(this.gl, photo.tiles, this.onArrival) : null;
  }

  draw(frame: Frame, { brightness, contrast, gamma }: PhotoAdjustments): void {
    if (!this.whole) return;
    const { gl, program } = this;
    const tiles = this.tiles?.visible(frame) ?? [];
    setFrame(gl, program, frame);
    gl.uniform3f(program.uniform('u_adjustments'), brightness, slopeOf(contrast), 1 / gamma);
    for (const placed of [this.whole, ...tiles]) this.drawTexture(placed, frame);
  }

  private drawTexture({ texture, area, picture }: PlacedTexture, { view }: Frame): void {
    const { gl, program } = this;
    const showsPixels = view.scale >= PIXELS_VISIBLE && !(this.tiles && texture === this.whole?.texture);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, showsPixels ? gl.NEAREST : gl.LINEAR);
    gl.uniform4f(program.uniform('u_area'), ...area);
    gl.uniform4f(program.uniform('u_picture'), ...picture);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private place({ bitmap, imageSize: { width, height }, tiles }: Photo): PlacedTexture {
    const texture = createPhotoTexture(this.gl, bitmap, true);
    const scale = tiles && 2 ** (tiles.grid.shape.levels - 1);
    const picture: Xywh = [
      0,
      0,
      scale ? bitmap.width * scale : width,
      scale ? bitmap.height * scale : height,
    ];
    return { texture, area: [0, 0, width, height], picture };
  }
}

/** Contrast -1 is flat gray, 0 leaves all as it is, 1 knows black and white only. */
const slopeOf = (contrast: number): number => Math.tan(((Math.min(contrast, 0.99) + 1) * Math.PI) / 4);

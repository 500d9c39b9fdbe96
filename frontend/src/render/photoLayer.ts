/** The photo under everything: smooth when zoomed out, its true pixels when zoomed in. */
import { createProgram, setFrame, type Frame, type Gl, type Program } from './gl';
import { textureSize, type Photo } from './photo';
import common from './shaders/common.glsl?raw';
import fragment from './shaders/photo.frag.glsl?raw';
import vertex from './shaders/photo.vert.glsl?raw';

/** Device pixels per photo pixel from which on a person wants to see the pixels themselves. */
const PIXELS_VISIBLE = 4;

export class PhotoLayer {
  private readonly program: Program;
  private texture: WebGLTexture | null = null;
  /** Bitmap pixels per image pixel. */
  private density = 1;

  constructor(private readonly gl: Gl) {
    this.program = createProgram(gl, common + vertex, common + fragment);
  }

  setPhoto(photo: Photo | null): void {
    this.gl.deleteTexture(this.texture);
    this.texture = photo && this.upload(photo.bitmap);
    this.density = photo ? photo.bitmap.width / photo.imageSize.width : 1;
  }

  draw(frame: Frame): void {
    if (!this.texture) return;
    const { gl, program } = this;
    setFrame(gl, program, frame);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const isCoarse = frame.view.scale / this.density >= PIXELS_VISIBLE;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, isCoarse ? gl.NEAREST : gl.LINEAR);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }

  private upload(bitmap: ImageBitmap): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    const source = shrink(bitmap, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, source);
    gl.generateMipmap(gl.TEXTURE_2D);
    return texture;
  }
}

/** For the rare device whose textures are smaller than our photos. */
function shrink(bitmap: ImageBitmap, maxSide: number): TexImageSource {
  if (Math.max(bitmap.width, bitmap.height) <= maxSide) return bitmap;
  const { width, height } = textureSize(bitmap, maxSide);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

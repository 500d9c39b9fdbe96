/** Photos and their tiles as textures. */
import type { Gl } from './gl';

/** Colours are interpolated; pictures that are drawn much smaller than they are need `mipmaps`. */
export function createPhotoTexture(gl: Gl, bitmap: ImageBitmap, mipmaps = false): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, mipmaps ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  const source = shrink(bitmap, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, source);
  if (mipmaps) gl.generateMipmap(gl.TEXTURE_2D);
  return texture;
}

/** For the rare device whose textures are smaller than photos without tiles. */
function shrink(bitmap: ImageBitmap, maxSide: number): TexImageSource {
  const scale = maxSide / Math.max(bitmap.width, bitmap.height);
  if (scale >= 1) return bitmap;
  const side = (length: number) => Math.max(1, Math.floor(length * scale));
  const canvas = new OffscreenCanvas(side(bitmap.width), side(bitmap.height));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

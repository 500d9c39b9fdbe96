/** Small helpers over WebGL2. They throw with the driver's own words. */
import type { Rect } from './rects';

export type Gl = WebGL2RenderingContext;

/** A linked program and its uniforms by name; a uniform that the compiler removed is null, and setting it does nothing. */
export interface Program {
  readonly handle: WebGLProgram;
  readonly uniform: (name: string) => WebGLUniformLocation | null;
}

const HEADER = '#version 300 es\nprecision highp float;\nprecision highp int;\n';

export function createProgram(gl: Gl, vertex: string, fragment: string): Program {
  const handle = gl.createProgram();
  gl.attachShader(handle, compile(gl, gl.VERTEX_SHADER, vertex));
  gl.attachShader(handle, compile(gl, gl.FRAGMENT_SHADER, fragment));
  gl.linkProgram(handle);
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`A shader program does not link: ${gl.getProgramInfoLog(handle) ?? 'no reason given'}`);
  }
  const locations = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    const known = locations.get(name);
    if (known !== undefined) return known;
    const location = gl.getUniformLocation(handle, name);
    locations.set(name, location);
    return location;
  };
  return { handle, uniform };
}

function compile(gl: Gl, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  // Null only in a lost context; drawing waits for the restored one.
  if (!shader) throw new Error('The graphics context is lost.');
  gl.shaderSource(shader, HEADER + source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`A shader does not compile: ${gl.getShaderInfoLog(shader) ?? 'no reason given'}`);
  }
  return shader;
}

/** A texture that is read pixel by pixel: no filtering, no wrapping, no mipmaps. */
export function createDataTexture(gl: Gl): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  for (const [name, value] of [
    [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
    [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
    [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
    [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
  ] as const) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }
  return texture;
}

/** A canvas-sized picture to draw into and read from. */
export class Target {
  readonly texture: WebGLTexture;
  private readonly framebuffer: WebGLFramebuffer;
  private width = 0;
  private height = 0;

  constructor(
    private readonly gl: Gl,
    private readonly format: 'RGBA8' | 'R8',
    filter: 'exact' | 'smooth' = 'exact',
  ) {
    this.texture = createDataTexture(gl);
    if (filter === 'smooth') {
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    }
    this.framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }

  /** Binds for drawing. True when the size changed, which leaves it empty. */
  begin(width: number, height: number): boolean {
    const { gl } = this;
    const resized = this.resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.viewport(0, 0, width, height);
    return resized;
  }

  /** True when the size changed, which leaves it empty. */
  resize(width: number, height: number): boolean {
    if (width === this.width && height === this.height) return false;
    const { gl } = this;
    [this.width, this.height] = [width, height];
    const pixel = this.format === 'R8' ? gl.RED : gl.RGBA;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl[this.format], width, height, 0, pixel, gl.UNSIGNED_BYTE, null);
    return true;
  }

  /** Copies a part to the canvas, whose upper left corner lies at `corner` of the picture; y downwards. */
  copyToCanvas({ x0, y0, x1, y1 }: Rect, corner: Pick<Rect, 'x0' | 'y0'>): void {
    const canvasHeight = this.gl.drawingBufferHeight;
    const to = [x0, canvasHeight - y1, x1, canvasHeight - y0] as const;
    this.blit(null, to, -corner.x0, corner.y0 + canvasHeight - this.height);
  }

  /** Copies what fits to another picture of the same size, moved by whole pixels (y upwards). */
  copyTo(other: Target, dx: number, dy: number): void {
    const { width, height } = this;
    const [x0, y0] = [Math.max(0, dx), Math.max(0, dy)];
    const [x1, y1] = [Math.min(width, width + dx), Math.min(height, height + dy)];
    if (x1 > x0 && y1 > y0) this.blit(other.framebuffer, [x0, y0, x1, y1], dx, dy);
  }

  /** Fills `to` with what lies there after a move. */
  private blit(
    framebuffer: WebGLFramebuffer | null,
    to: readonly [x0: number, y0: number, x1: number, y1: number],
    dx: number,
    dy: number,
  ): void {
    const { gl } = this;
    const [x0, y0, x1, y1] = to;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, this.framebuffer);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, framebuffer);
    gl.blitFramebuffer(x0 - dx, y0 - dy, x1 - dx, y1 - dy, ...to, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  }
}

/** Where things lie in this frame, in device pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  /** Device pixel = image pixel * scale + (x, y), y downwards. */
  readonly view: { readonly scale: number; readonly x: number; readonly y: number };
  readonly imageSize: { readonly width: number; readonly height: number };
}

export function isSameFrame(a: Frame, b: Frame): boolean {
  const isSameView = a.view.scale === b.view.scale && a.view.x === b.view.x && a.view.y === b.view.y;
  const isSameImage = a.imageSize.width === b.imageSize.width && a.imageSize.height === b.imageSize.height;
  return isSameView && isSameImage && a.width === b.width && a.height === b.height;
}

/** The uniforms of common.glsl. */
export function setFrame(gl: Gl, program: Program, { width, height, ratio, view, imageSize }: Frame): void {
  gl.useProgram(program.handle);
  gl.uniform2f(program.uniform('u_canvas'), width, height);
  gl.uniform3f(program.uniform('u_view'), view.scale, view.x, view.y);
  gl.uniform2f(program.uniform('u_image'), imageSize.width, imageSize.height);
  gl.uniform1f(program.uniform('u_ratio'), ratio);
}

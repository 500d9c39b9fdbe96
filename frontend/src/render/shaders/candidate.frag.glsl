// The mask in the making, from its picture at canvas size; paint.glsl follows.
uniform sampler2D u_mask;

float inside(ivec2 p) {
  ivec2 last = ivec2(u_canvas) - 1;
  return texelFetch(u_mask, clamp(p, ivec2(0), last), 0).r;
}


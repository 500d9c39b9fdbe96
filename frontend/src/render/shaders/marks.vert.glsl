layout(location = 0) in vec4 a_rect; // x0, y0, x1, y1 in canvas pixels
layout(location = 1) in float a_kind;

flat out vec4 v_rect;
flat out int v_kind;

void main() {
  v_rect = a_rect;
  v_kind = int(a_kind);
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  // Room for the outlines of points and boxes; the lines of the crosshair (4) are their own shape.
  float reach = v_kind == 4 ? 0.0 : 3.0 * u_ratio;
  vec2 margin = (corner * 2.0 - 1.0) * reach;
  gl_Position = toClip(mix(a_rect.xy, a_rect.zw, corner) + margin);
}

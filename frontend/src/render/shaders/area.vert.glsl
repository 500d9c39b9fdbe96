uniform vec4 u_area; // x0, y0, x1, y1 in canvas pixels

void main() {
  gl_Position = toClip(mix(u_area.xy, u_area.zw, vec2(gl_VertexID & 1, gl_VertexID >> 1)));
}

uniform vec4 u_area; // XYWH, image pixels

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = toClip(toCanvas(u_area.xy + corner * u_area.zw));
}

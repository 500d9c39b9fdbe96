layout(location = 0) in ivec4 a_box;    // XYWH, image pixels
layout(location = 1) in uvec4 a_mask;   // first word, words a row, colour 0xRRGGBB, style: bits 0-1 emphasis (1 hovered, 2 selected), 2 hatched, 3 dashed, 4.. level

flat out ivec4 v_box;
flat out uvec4 v_mask;

void main() {
  v_box = a_box;
  v_mask = a_mask;
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 margin = (corner * 2.0 - 1.0) * 3.0 * u_ratio; // room for the halo
  gl_Position = toClip(toCanvas(vec2(a_box.xy) + corner * vec2(a_box.zw)) + margin);
}

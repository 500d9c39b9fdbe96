layout(location = 0) in vec4 a_from; // image pixels: whole ones, and what is left of the position
layout(location = 1) in vec4 a_to;   // radius of the first disc; offset of the second one from it, and its radius

flat out vec4 v_from;
flat out vec4 v_to;

void main() {
  v_from = a_from;
  v_to = a_to;
  vec2 from = a_from.xy + a_from.zw;
  vec2 to = from + a_to.yz;
  vec2 low = min(from - a_to.x, to - a_to.w) - 1.0;
  vec2 high = max(from + a_to.x, to + a_to.w) + 1.0;
  gl_Position = toClip(toCanvas(mix(low, high, vec2(gl_VertexID & 1, gl_VertexID >> 1))));
}

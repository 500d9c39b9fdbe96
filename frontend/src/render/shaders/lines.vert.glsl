layout(location = 0) in vec4 a_line; // from, to, canvas pixels
uniform vec3 u_stroke;               // width in CSS pixels, brightness, opacity

flat out vec4 v_line;

void main() {
  v_line = a_line;
  float reach = 0.5 * u_stroke.x * u_ratio + 1.0;
  vec2 step = a_line.zw - a_line.xy;
  vec2 along = reach * (length(step) > 0.0 ? normalize(step) : vec2(1.0, 0.0));
  vec2 across = vec2(-along.y, along.x) * ((gl_VertexID & 1) == 0 ? -1.0 : 1.0);
  gl_Position = toClip((gl_VertexID >> 1) == 0 ? a_line.xy - along + across : a_line.zw + along + across);
}

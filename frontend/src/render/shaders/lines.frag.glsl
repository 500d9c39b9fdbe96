uniform vec3 u_stroke;
flat in vec4 v_line;
out vec4 color;

void main() {
  vec2 p = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y) - v_line.xy;
  vec2 line = v_line.zw - v_line.xy;
  float along = clamp(dot(p, line) / max(dot(line, line), 1e-6), 0.0, 1.0);
  float cover = clamp(0.5 + 0.5 * u_stroke.x * u_ratio - length(p - line * along), 0.0, 1.0);
  color = vec4(vec3(u_stroke.y), 1.0) * (u_stroke.z * cover);
}

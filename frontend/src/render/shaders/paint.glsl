// Fill and outline of a mask that is not stored yet. What comes before says what is `inside`, by pixels of the canvas.
uniform vec3 u_color;
uniform float u_fill;
out vec4 color;

void main() {
  ivec2 p = ivec2(gl_FragCoord.xy);
  float own = inside(p);
  float width = 1.5 * u_ratio;
  float least = 1.0;
  float most = 0.0;
  for (int i = 0; i < 8; i++) {
    float tap = inside(p + ivec2(round(RING[i] * width)));
    least = min(least, tap);
    most = max(most, tap);
  }
  if (own + most == 0.0) discard;
  float edge = own * (1.0 - least);
  float alpha = own * max(u_fill, edge);
  // White line inside, dark line outside: seen on every photo, whatever the category's colour.
  vec4 mask = vec4(mix(u_color, vec3(1.0), 0.8 * edge), 1.0) * alpha;
  float halo = 0.7 * most * (1.0 - own);
  color = mask + vec4(0.0, 0.0, 0.0, halo);
}

// Fill and outline of a mask that is being changed: red holds the mask before, green the stroke, blue the rings.
uniform sampler2D u_planes;
uniform ivec2 u_operations; // of stroke and rings: 0 none, 1 add, 2 subtract, 3 intersect
uniform vec3 u_color;
uniform float u_fill;
out vec4 color;

float change(float mask, float by, int operation) {
  if (operation == 1) return max(mask, by);
  if (operation == 2) return mask * (1.0 - by);
  if (operation == 3) return mask * by;
  return mask;
}

float inside(ivec2 p) {
  vec3 planes = texelFetch(u_planes, clamp(p, ivec2(0), ivec2(u_canvas) - 1), 0).rgb;
  return change(change(planes.r, planes.g, u_operations.x), planes.b, u_operations.y);
}

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
  // White line inside, dark line outside: seen on every photo, whatever the category's colour.
  vec4 mask = vec4(mix(u_color, vec3(1.0), 0.8 * edge), 1.0) * own * max(u_fill, edge);
  color = mask + vec4(0.0, 0.0, 0.0, 0.7 * most * (1.0 - own));
}

// Each mask is a run of 32-bit words in one big texture, one bit a pixel, cut to the mask's box: exact at every zoom,
// and small enough for a thousand masks.
uniform highp usampler2D u_heap;
uniform int u_heapShift; // log2 of the texture's width

flat in ivec4 v_box;
flat in uvec4 v_mask;
out vec4 color;

float inside(vec2 canvas) {
  ivec2 p = ivec2(floor(toImage(canvas))) - v_box.xy;
  if (any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, v_box.zw))) return 0.0;
  int word = int(v_mask.x) + p.y * int(v_mask.y) + (p.x >> 5);
  uint bits = texelFetch(u_heap, ivec2(word & ((1 << u_heapShift) - 1), word >> u_heapShift), 0).r;
  return float((bits >> uint(p.x & 31)) & 1u);
}

// Four samples inside the device pixel: smooth when zoomed out, exact when zoomed in.
float coverage(vec2 canvas) {
  return 0.25 * (inside(canvas + vec2(-0.375, -0.125)) + inside(canvas + vec2(0.125, -0.375)) +
                 inside(canvas + vec2(0.375, 0.125)) + inside(canvas + vec2(-0.125, 0.375)));
}

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  uint emphasis = v_mask.w;
  float width = (emphasis == 0u ? 1.5 : 2.5) * u_ratio;
  float least = 1.0;
  float most = 0.0;
  for (int i = 0; i < 8; i++) {
    float tap = inside(canvas + RING[i] * width);
    least = min(least, tap);
    most = max(most, tap);
  }
  float own = coverage(canvas);
  if (own + most == 0.0) discard;
  vec3 rgb = vec3(uvec3(v_mask.z >> 16u, v_mask.z >> 8u, v_mask.z) & 255u) / 255.0;
  float edge = own * (1.0 - least);
  float fill = own * (emphasis == 0u ? 0.32 : 0.25);
  float alpha = max(fill, edge);
  vec3 line = emphasis == 2u ? mix(rgb, vec3(1.0), 0.75) : rgb;
  vec4 mask = vec4(mix(rgb, line, edge), 1.0) * alpha;
  // A dark halo lifts the mask under the pointer, and the selected one, off any photo.
  float halo = emphasis == 0u ? 0.0 : 0.65 * most * (1.0 - own);
  color = mask + vec4(0.0, 0.0, 0.0, halo) * (1.0 - mask.a);
}

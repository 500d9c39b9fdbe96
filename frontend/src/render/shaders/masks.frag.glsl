// Each mask is a run of 32-bit words in one big texture, one bit a pixel, cut to the mask's box: exact at every zoom,
// and small enough for a thousand masks. Zoomed out, a level with fewer, larger pixels is read.
uniform highp usampler2D u_heap;
uniform int u_heapShift; // log2 of the texture's width
uniform float u_fill;    // opacity inside the outline

flat in ivec4 v_box;
flat in uvec4 v_mask;
out vec4 color;

// Pixels of the level; all below are counted in them.
float side;
ivec2 size;

void findLevel() {
  int level = int(v_mask.w >> 4u);
  side = float(1 << level);
  size = (v_box.zw + (1 << level) - 1) >> level;
}

// `at`: device pixels from the image's corner, so that a picture that is shifted by whole pixels stays the same.
ivec2 pixelAt(vec2 at) { return ivec2(floor((at / u_view.x - vec2(v_box.xy)) / side)); }

// 32 pixels of row y; those outside the box are 0.
uint wordAt(int column, int y) {
  if (y < 0 || y >= size.y || column < 0 || column >= int(v_mask.y)) return 0u;
  int word = int(v_mask.x) + y * int(v_mask.y) + column;
  return texelFetch(u_heap, ivec2(word & ((1 << u_heapShift) - 1), word >> u_heapShift), 0).r;
}

float inside(vec2 at) {
  ivec2 p = pixelAt(at);
  return float((wordAt(p.x >> 5, p.y) >> uint(p.x & 31)) & 1u);
}

// Four samples inside the device pixel: smooth when zoomed out, exact when zoomed in.
float coverage(vec2 at) {
  return 0.25 * (inside(at + vec2(-0.375, -0.125)) + inside(at + vec2(0.125, -0.375)) +
                 inside(at + vec2(0.375, 0.125)) + inside(at + vec2(-0.125, 0.375)));
}

// What all pixels within `reach` say: 0, 1, or -1 where they disagree or do not lie in one word.
int verdict(ivec2 p, int reach) {
  int first = (p.x & 31) - reach;
  int count = 2 * reach + 1;
  if (first < 0 || first + count > 32) return -1;
  uint window = ((1u << uint(count)) - 1u) << uint(first);
  uint all = window;
  uint any = 0u;
  for (int y = p.y - reach; y <= p.y + reach; y++) {
    uint bits = wordAt(p.x >> 5, y) & window;
    all &= bits;
    any |= bits;
  }
  return all == window ? 1 : any == 0u ? 0 : -1;
}

// Diagonal stripes, and dashes of an outline; in device pixels of the image, so that they move with it.
float stripes(vec2 at, float period) { return step(0.5, fract((at.x + at.y) / (period * u_ratio))); }

void main() {
  findLevel();
  vec2 at = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y) - u_view.yz;
  uint emphasis = v_mask.w & 3u;
  bool hatched = (v_mask.w & 4u) != 0u;
  bool dashed = (v_mask.w & 8u) != 0u;
  float width = (emphasis == 0u ? 1.5 : 2.5) * u_ratio;
  vec3 rgb = vec3(uvec3(v_mask.z >> 16u, v_mask.z >> 8u, v_mask.z) & 255u) / 255.0;
  float opacity = u_fill * (hatched ? 0.35 + 0.65 * stripes(at, 9.0) : 1.0);

  int reach = int(ceil(width / (u_view.x * side)));
  int known = verdict(pixelAt(at), reach);
  if (known == 0) discard;
  if (known == 1) {
    color = vec4(rgb, 1.0) * opacity;
    return;
  }

  float least = 1.0;
  float most = 0.0;
  for (int i = 0; i < 8; i++) {
    float tap = inside(at + RING[i] * width);
    least = min(least, tap);
    most = max(most, tap);
  }
  float own = coverage(at);
  if (own + most == 0.0) discard;
  float edge = own * (1.0 - least) * (dashed ? stripes(at, 10.0) : 1.0);
  float alpha = max(own * opacity, edge);
  // Hovered: a thick line in the mask's own colour. Selected: a white line within a dark one. The dark rim of all others
  // is thin: it lifts their line off a photo of the same colour.
  vec3 line = emphasis == 2u ? mix(rgb, vec3(1.0), 0.85) : rgb;
  vec4 mask = vec4(mix(rgb, line, edge), 1.0) * alpha;
  float halo = (emphasis == 0u ? 0.35 : emphasis == 1u ? 0.5 : 0.8) * most * (1.0 - own);
  color = mask + vec4(0.0, 0.0, 0.0, halo) * (1.0 - mask.a);
}

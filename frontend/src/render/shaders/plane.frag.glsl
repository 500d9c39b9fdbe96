// One mask of one bit a pixel, in 32-bit words, cut to its box.
uniform highp usampler2D u_bits;
uniform ivec4 u_box;  // XYWH, image pixels
uniform ivec2 u_rows; // words a row of the mask, log2 of the texture's width
out vec4 color;

void main() {
  ivec2 p = ivec2(floor(toImage(vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y)))) - u_box.xy;
  if (any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, u_box.zw))) discard;
  int word = p.y * u_rows.x + (p.x >> 5);
  uint bits = texelFetch(u_bits, ivec2(word & ((1 << u_rows.y) - 1), word >> u_rows.y), 0).r;
  if (((bits >> uint(p.x & 31)) & 1u) == 0u) discard;
  color = vec4(1.0);
}

// The full-mask rule, for the image pixel under this device pixel: logits 256 -> bilinear to 1024 -> crop the padding ->
// bilinear to the image -> above 0. Both steps with align_corners=False; the same mask as the one that is stored.
uniform highp sampler2D u_logits; // 256 x 256, row 0 at the top
uniform vec2 u_input;             // size of the resized image inside the 1024 input
out vec4 color;

const float CELL = 4.0; // input pixels a cell of the logits, along each side

struct Taps { int low; int high; float weight; };

Taps taps(float source, int last) {
  float at = max(source, 0.0);
  int low = min(int(at), last);
  return Taps(low, min(low + 1, last), at - float(low));
}

float cell(int x, int y) { return texelFetch(u_logits, ivec2(x, y), 0).r; }

float inputValue(int x, int y) {
  Taps h = taps((float(x) + 0.5) / CELL - 0.5, 255);
  Taps v = taps((float(y) + 0.5) / CELL - 0.5, 255);
  return mix(mix(cell(h.low, v.low), cell(h.high, v.low), h.weight),
             mix(cell(h.low, v.high), cell(h.high, v.high), h.weight), v.weight);
}

float imageValue(vec2 pixel) {
  vec2 source = (pixel + 0.5) * (u_input / u_image) - 0.5;
  Taps h = taps(source.x, int(u_input.x) - 1);
  Taps v = taps(source.y, int(u_input.y) - 1);
  return mix(mix(inputValue(h.low, v.low), inputValue(h.high, v.low), h.weight),
             mix(inputValue(h.low, v.high), inputValue(h.high, v.high), h.weight), v.weight);
}

void main() {
  vec2 pixel = floor(toImage(vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y)));
  bool outside = any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, u_image));
  color = vec4(!outside && imageValue(pixel) > 0.0 ? 1.0 : 0.0);
}

// The full-mask rule, for the image pixel under this device pixel: logits 256 -> bilinear to the model's input -> cut
// the padding off -> bilinear to the crop of the image that the model saw -> above 0. Both steps with align_corners=False; the same mask as the one that is stored.
uniform highp sampler2D u_logits; // 256 x 256, row 0 at the top
uniform vec4 u_crop;              // x, y, width, height in the image: what the model saw of it
uniform vec2 u_input;             // size of the resized crop inside the model's input
uniform float u_cell;             // pixels of the model's input that a cell of the logits covers, along each side
out vec4 color;

const float SIDE = 256.0;

// Both steps are separable, and together they read at most three neighbouring cells along each axis.
struct Taps { int first; vec3 weights; };

// One bilinear step along one axis: where it reads, and the weight of the next one (0 at the end).
float source(float index, float inputs, float outputs, out int low) {
  float at = max((index + 0.5) * (inputs / outputs) - 0.5, 0.0);
  low = min(int(at), int(inputs) - 1);
  return low + 1 < int(inputs) ? at - float(low) : 0.0;
}

Taps taps(float pixel, float inputs, float outputs) {
  int step2, low, high;
  float share = source(pixel, inputs, outputs, step2);
  float a = source(float(step2), SIDE, SIDE * u_cell, low);
  float b = source(float(step2 + 1), SIDE, SIDE * u_cell, high);
  vec2 near = (1.0 - share) * vec2(1.0 - a, a);
  vec2 far = share * vec2(1.0 - b, b);
  return Taps(low, vec3(near, 0.0) + (high == low ? vec3(far, 0.0) : vec3(0.0, far)));
}

float row(Taps h, int y) {
  vec3 cells = vec3(texelFetch(u_logits, ivec2(h.first, y), 0).r,
                    texelFetch(u_logits, ivec2(min(h.first + 1, 255), y), 0).r,
                    texelFetch(u_logits, ivec2(min(h.first + 2, 255), y), 0).r);
  return dot(cells, h.weights);
}

float valueAt(vec2 pixel) {
  Taps h = taps(pixel.x, u_input.x, u_crop.z);
  Taps v = taps(pixel.y, u_input.y, u_crop.w);
  vec3 rows = vec3(row(h, v.first), row(h, min(v.first + 1, 255)), row(h, min(v.first + 2, 255)));
  return dot(rows, v.weights);
}

void main() {
  vec2 pixel = floor(toImage(vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y))) - u_crop.xy;
  bool outside = any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, u_crop.zw));
  color = vec4(!outside && valueAt(pixel) > 0.0 ? 1.0 : 0.0);
}

// Whether the centre of the image pixel lies in the convex hull of two discs: the rule of geometry/stroke.ts.
flat in vec4 v_from;
flat in vec4 v_to;
out vec4 color;

// Of single precision, at the size of a brush.
const float TOLERANCE = 2e-5;

float distanceToHull(vec2 p, float r0, vec2 to, float r1) {
  float d = length(to);
  if (d <= abs(r0 - r1)) return r0 >= r1 ? length(p) - r0 : length(p - to) - r1;
  vec2 u = to / d;
  float a = dot(p, u);
  float b = abs(p.x * u.y - p.y * u.x);
  float s = (r0 - r1) / d;
  float c = sqrt(1.0 - s * s);
  float k = a * c - b * s;
  if (k <= 0.0) return length(p) - r0;
  if (k >= d * c) return length(p - to) - r1;
  return a * s + b * c - r0;
}

void main() {
  vec2 pixel = floor(toImage(vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y)));
  bool outside = any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, u_image));
  vec2 p = (pixel - v_from.xy) + (0.5 - v_from.zw);
  bool covered = max(v_to.x, v_to.w) > 0.0 && distanceToHull(p, v_to.x, v_to.yz, v_to.w) <= TOLERANCE;
  if (outside || !covered) discard;
  color = vec4(1.0);
}

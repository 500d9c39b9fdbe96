// What a person put on the image. Positive points are round with a plus, negative ones square with a minus: told apart
// without colour, too. Corners of polygons and the brush keep their look at every zoom.
flat in vec4 v_rect;
flat in int v_kind;
out vec4 color;

const int POSITIVE = 0;
const int NEGATIVE = 1;
const int BOX = 2;
const int DRAGGED_BOX = 3;
const int CROSSHAIR = 4;
const int VERTEX = 5;
const int ACTIVE_VERTEX = 6;

const vec3 GREEN = vec3(0.10, 0.62, 0.32);
const vec3 RED = vec3(0.86, 0.16, 0.20);

// Signed distances in CSS pixels; negative inside.
float roundedBox(vec2 p, vec2 halfSize, float radius) {
  vec2 q = abs(p) - halfSize + radius;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius;
}

float filled(float distance) { return clamp(0.5 - distance * u_ratio, 0.0, 1.0); }

vec4 over(vec4 above, vec4 below) { return above + below * (1.0 - above.a); }

vec4 point(vec2 p) {
  bool positive = v_kind == POSITIVE;
  float body = positive ? length(p) - 6.5 : roundedBox(p, vec2(6.0), 2.0);
  float bar = roundedBox(p, vec2(3.6, 0.9), 0.4);
  float glyph = positive ? min(bar, roundedBox(p, vec2(0.9, 3.6), 0.4)) : bar;
  vec4 result = vec4(0.0, 0.0, 0.0, 0.55) * filled(body - 2.4);
  result = over(vec4(1.0) * filled(body - 1.4), result);
  result = over(vec4(positive ? GREEN : RED, 1.0) * filled(body), result);
  return over(vec4(1.0) * filled(glyph), result);
}

vec4 box(vec2 canvas) {
  vec2 halfSize = (v_rect.zw - v_rect.xy) * 0.5 / u_ratio;
  vec2 p = (canvas - (v_rect.xy + v_rect.zw) * 0.5) / u_ratio;
  float border = abs(roundedBox(p, halfSize, 0.0));
  bool dashed = v_kind == DRAGGED_BOX;
  float along = dashed ? mod(p.x + p.y, 10.0) : 0.0;
  vec3 line = along < 6.0 ? vec3(1.0) : vec3(0.05);
  vec4 dark = vec4(0.0, 0.0, 0.0, 0.7) * filled(border - 1.75);
  return over(vec4(line, 1.0) * filled(border - 0.75), dark);
}

// The corner of a polygon: a white square with a dark rim; the one in hand is larger and dark inside.
vec4 vertex(vec2 p, float reach) {
  vec4 result = vec4(0.0, 0.0, 0.0, 0.85) * filled(roundedBox(p, vec2(reach), 1.5));
  result = over(vec4(1.0) * filled(roundedBox(p, vec2(reach - 1.2), 1.0)), result);
  if (v_kind == VERTEX) return result;
  return over(vec4(0.05, 0.05, 0.05, 1.0) * filled(roundedBox(p, vec2(reach - 3.5), 0.5)), result);
}

// The brush: a white ring between two dark ones, seen on every photo.
vec4 cursor(vec2 p, float radius) {
  float border = abs(length(p) - radius);
  return over(vec4(1.0) * filled(border - 0.6), vec4(0.0, 0.0, 0.0, 0.75) * filled(border - 1.6));
}

vec4 crosshair() { return vec4(vec3(0.9) * 0.55, 0.55); }

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  vec2 center = (v_rect.xy + v_rect.zw) * 0.5;
  vec2 p = (canvas - center) / u_ratio;
  float reach = 0.5 * (v_rect.z - v_rect.x) / u_ratio;
  if (v_kind <= NEGATIVE) color = point(p);
  else if (v_kind <= DRAGGED_BOX) color = box(canvas);
  else if (v_kind == CROSSHAIR) color = crosshair();
  else if (v_kind <= ACTIVE_VERTEX) color = vertex(p, reach);
  else color = cursor(p, reach);
}

// What a person put on the image. Positive points are round with a plus, negative ones square with a minus: told apart
// without colour, too.
flat in vec4 v_rect;
flat in int v_kind;
out vec4 color;

const int POSITIVE = 0;
const int NEGATIVE = 1;
const int BOX = 2;
const int DRAGGED_BOX = 3;

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

vec4 crosshair() { return vec4(vec3(0.9) * 0.55, 0.55); }

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  vec2 center = (v_rect.xy + v_rect.zw) * 0.5;
  if (v_kind <= NEGATIVE) color = point((canvas - center) / u_ratio);
  else if (v_kind <= DRAGGED_BOX) color = box(canvas);
  else color = crosshair();
}

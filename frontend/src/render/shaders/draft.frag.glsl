// A mask that is being changed: red holds the mask before, green the stroke, blue the rings; paint.glsl follows.
uniform sampler2D u_planes;
uniform ivec2 u_operations; // of stroke and rings: 0 none, 1 add, 2 subtract, 3 intersect

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


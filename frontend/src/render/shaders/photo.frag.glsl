uniform sampler2D u_photo;
uniform vec4 u_picture; // XYWH: what the texture shows, image pixels
uniform vec3 u_adjustments; // brightness, slope around middle gray, exponent
out vec4 color;

vec3 adjust(vec3 rgb) {
  vec3 lit = (rgb - 0.5) * u_adjustments.y + 0.5 + u_adjustments.x;
  return pow(clamp(lit, 0.0, 1.0), vec3(u_adjustments.z));
}

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  vec3 rgb = texture(u_photo, (toImage(canvas) - u_picture.xy) / u_picture.zw).rgb;
  // Untouched where nothing is adjusted: powers are not exact.
  color = vec4(u_adjustments == vec3(0.0, 1.0, 1.0) ? rgb : adjust(rgb), 1.0);
}

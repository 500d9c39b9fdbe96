uniform sampler2D u_photo;
out vec4 color;

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  color = texture(u_photo, toImage(canvas) / u_image);
}

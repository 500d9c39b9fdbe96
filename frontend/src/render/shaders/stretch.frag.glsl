// The kept picture at another scale than it was painted at.
uniform sampler2D u_picture;
uniform vec3 u_stretch; // factor, x, y: canvas = picture * factor + (x, y)
out vec4 color;

void main() {
  vec2 canvas = vec2(gl_FragCoord.x, u_canvas.y - gl_FragCoord.y);
  vec2 at = (canvas - u_stretch.yz) / u_stretch.x / vec2(textureSize(u_picture, 0));
  color = texture(u_picture, vec2(at.x, 1.0 - at.y));
}

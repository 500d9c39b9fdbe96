// Frames: "canvas" is device pixels with y downwards, as in the DOM; "image" is pixels of the photo.
uniform vec2 u_canvas;
uniform vec3 u_view; // scale, x, y: canvas = image * scale + (x, y)
uniform vec2 u_image;
uniform float u_ratio; // device pixels per CSS pixel

vec2 toImage(vec2 canvas) { return (canvas - u_view.yz) / u_view.x; }
vec2 toCanvas(vec2 image) { return image * u_view.x + u_view.yz; }
vec4 toClip(vec2 canvas) { return vec4(canvas / u_canvas * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0); }

// Eight directions, for rings of samples around a pixel.
const vec2 RING[8] = vec2[8](
  vec2(1.0, 0.0), vec2(0.7071, 0.7071), vec2(0.0, 1.0), vec2(-0.7071, 0.7071),
  vec2(-1.0, 0.0), vec2(-0.7071, -0.7071), vec2(0.0, -1.0), vec2(0.7071, -0.7071)
);

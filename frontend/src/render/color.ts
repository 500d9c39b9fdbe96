/** `#rrggbb` to red, green and blue, 0 to 1 each. */
export function rgbOf(color: string): [r: number, g: number, b: number] {
  const value = parseInt(color.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Category colours: far apart in hue, light enough for a dark page and for a photo. */
const PALETTE = [
  '#4f9dff',
  '#ff7a59',
  '#3ecf8e',
  '#c58bff',
  '#ffcc4d',
  '#ff6fa5',
  '#45d0e0',
  '#a3d94f',
  '#f29bff',
  '#ff9d3c',
] as const;

/** The first colour that no category has yet; after ten they repeat. */
export function nextColor(taken: readonly string[]): string {
  const free = PALETTE.find((color) => !taken.includes(color));
  return free ?? PALETTE[taken.length % PALETTE.length] ?? PALETTE[0];
}

/** How deep cells lie inside a region: the exact Euclidean distance transform. */
import type { Size } from '../geometry/types';

/**
 * Distance of each cell of a region (1 inside, 0 outside, row-major) to the nearest cell outside; 0 outside. Beyond the
 * edges all is outside. Down the columns first, then along the rows: the square of a distance is the sum of both squares.
 */
export function depthsOf(region: Uint8Array, size: Size): Float64Array {
  const { width, height } = size;
  const down = distancesDown(region, size);
  const depths = new Float64Array(width * height);
  const heights = new Float64Array(width + 2); // A cell beyond either edge, at distance 0.
  const envelope = new Envelope(width + 2);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    if (!region.subarray(row, row + width).includes(1)) continue;
    for (let x = 0; x < width; x += 1) heights[x + 1] = (down[row + x] ?? 0) ** 2;
    envelope.build(heights);
    for (let x = 0; x < width; x += 1) depths[row + x] = Math.sqrt(envelope.next(x + 1));
  }
  return depths;
}

/** Distance of each cell to the nearest one outside in its column. */
function distancesDown(region: Uint8Array, { width, height }: Size): Int32Array {
  const distances = new Int32Array(width * height);
  for (let i = 0; i < region.length; i += 1) {
    if (region[i]) distances[i] = (distances[i - width] ?? 0) + 1;
  }
  for (let i = region.length - 1; i >= 0; i -= 1) {
    distances[i] = Math.min(distances[i] ?? 0, (distances[i + width] ?? 0) + 1);
  }
  return distances;
}

/** The least of the parabolas (x - i)^2 + heights[i] at each x, in linear time (Felzenszwalb and Huttenlocher 2012). */
class Envelope {
  /** The parabolas that are least somewhere, by rising x, and where each begins to be. */
  private readonly least: Int32Array;
  private readonly from: Float64Array;
  private count = 0;
  private reached = 0;
  private heights: Float64Array = new Float64Array(0);

  constructor(length: number) {
    this.least = new Int32Array(length);
    this.from = new Float64Array(length);
  }

  build(heights: Float64Array): void {
    this.heights = heights;
    this.reached = 0;
    this.count = 1;
    this.least[0] = 0;
    this.from[0] = -Infinity;
    for (let i = 1; i < heights.length; i += 1) {
      let start = this.crossing(i);
      while (start <= (this.from[this.count - 1] ?? 0)) {
        this.count -= 1;
        start = this.crossing(i);
      }
      this.least[this.count] = i;
      this.from[this.count] = start;
      this.count += 1;
    }
  }

  /** The least at x, which must not fall from call to call. */
  next(x: number): number {
    while (this.reached + 1 < this.count && (this.from[this.reached + 1] ?? 0) < x) this.reached += 1;
    const i = this.least[this.reached] ?? 0;
    return (x - i) ** 2 + (this.heights[i] ?? 0);
  }

  /** Where parabola j comes below the last one. */
  private crossing(j: number): number {
    const i = this.least[this.count - 1] ?? 0;
    return ((this.heights[j] ?? 0) + j * j - (this.heights[i] ?? 0) - i * i) / (2 * (j - i));
  }
}

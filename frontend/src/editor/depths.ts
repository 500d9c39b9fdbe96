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
  for (let y = 0; y < height; y += 1) {
    if (!region.subarray(y * width, (y + 1) * width).includes(1)) continue;
    for (let x = 0; x < width; x += 1) heights[x + 1] = (down[y * width + x] ?? 0) ** 2;
    const squares = lowerEnvelope(heights);
    for (let x = 0; x < width; x += 1) depths[y * width + x] = Math.sqrt(squares[x + 1] ?? 0);
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
function lowerEnvelope(heights: Float64Array): Float64Array {
  const h = (i: number): number => heights[i] ?? 0;
  const crossing = (i: number, j: number): number => (h(j) + j * j - h(i) - i * i) / (2 * (j - i));
  const lowest: { readonly i: number; readonly from: number }[] = [{ i: 0, from: -Infinity }];
  for (let j = 1; j < heights.length; j += 1) {
    let last = lowest.at(-1);
    while (last && crossing(last.i, j) <= last.from) {
      lowest.pop();
      last = lowest.at(-1);
    }
    if (last) lowest.push({ i: j, from: crossing(last.i, j) });
  }
  let k = 0;
  return heights.map((_, x) => {
    while ((lowest[k + 1]?.from ?? Infinity) < x) k += 1;
    const i = lowest[k]?.i ?? 0;
    return (x - i) ** 2 + h(i);
  });
}

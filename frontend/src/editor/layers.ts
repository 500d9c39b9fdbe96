/** Which mask lies above which: whole numbers, drawn by rising layer. Neighbours on the same layer are one step apart. */
export type LayerMove = 'front' | 'forward' | 'backward' | 'back';

/** The layer of a mask after the move, among the layers of all the others. */
export function layerAfter(move: LayerMove, own: number, others: readonly number[]): number {
  switch (move) {
    case 'front':
      return above(own, Math.max(own, ...others), others);
    case 'forward':
      return above(own, Math.min(...others.filter((layer) => layer >= own)), others);
    case 'back':
      return negate(layerAfter('front', negate(own), others.map(negate)));
    case 'backward':
      return negate(layerAfter('forward', negate(own), others.map(negate)));
  }
}

/** One above that layer; where nothing lies at or above its own, a mask stays. */
function above(own: number, layer: number, others: readonly number[]): number {
  return others.some((other) => other >= own) ? layer + 1 : own;
}

/** Without a negative zero, which would not be equal to a layer of 0 in JSON and in tests. */
const negate = (layer: number): number => 0 - layer;

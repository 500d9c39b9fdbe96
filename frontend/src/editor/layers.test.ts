import { describe, expect, test } from 'vitest';

import { type LayerMove, layerAfter } from './layers';

describe('the layer of a mask after a move', () => {
  test.each<[LayerMove, number, number[], number]>([
    ['front', 0, [0, 0], 1],
    ['front', 0, [-1, 4], 5],
    ['front', 5, [0, 4], 5],
    ['forward', 0, [0, 3], 1],
    ['forward', 0, [3, 7], 4],
    ['forward', 0, [], 0],
    ['back', 0, [0, 0], -1],
    ['back', 5, [0, 4], -1],
    ['back', -1, [0, 4], -1],
    ['backward', 5, [0, 4], 3],
    ['backward', 1, [0], -1],
    ['backward', 0, [], 0],
  ])('%s: from %i among %o to %i', (move, own, others, after) => {
    expect(layerAfter(move, own, others)).toBe(after);
  });
});

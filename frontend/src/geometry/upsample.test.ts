import { expect, test } from 'vitest';
import cases from './fixtures/upsample.json';
import { decodeMask } from './rle';
import type { Rle } from './types';
import { inputSize, LOGIT_SIDE, maskFromLogits } from './upsample';

const PATTERNS: Record<string, (x: number, y: number) => number> = {
  rings: (x, y) => (((x - 100) ** 2 + (y - 80) ** 2) % 8192) - 4096,
  speckles: (x, y) => ((x * x * 3 + y * y * 5 + x * y * 7) % 97) - 60,
};

function logitsOf(pattern: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: LOGIT_SIDE * LOGIT_SIDE }, (_, i) =>
    pattern(i % LOGIT_SIDE, Math.floor(i / LOGIT_SIDE)),
  );
}

function pixelsThatDiffer(a: Rle, b: Rle): number {
  const [left, right] = [decodeMask(a).data, decodeMask(b).data];
  return left.reduce((sum, value, i) => sum + (value === right[i] ? 0 : 1), 0);
}

test.each([
  [640, 480, 1024, 1024, 768],
  [480, 640, 1024, 768, 1024],
  [1, 1, 1024, 1024, 1024],
  [600, 401, 1024, 1024, 684],
  [4000, 3001, 1024, 1024, 768],
  [30_000, 5, 1024, 1024, 1],
  [600, 401, 256, 256, 171],
])(
  'an image of %d x %d fills, of an input of %d, %d x %d',
  (width, height, side, inputWidth, inputHeight) => {
    expect(inputSize({ width, height }, side)).toEqual({ width: inputWidth, height: inputHeight });
  },
);

test.each(cases)(
  '$pattern at $segmentation.size, from an input of $input_side, is what PyTorch makes of it',
  ({ pattern, input_side: inputSide, segmentation }) => {
    const expected = segmentation as unknown as Rle;
    const [height, width] = expected.size;
    const logits = logitsOf(PATTERNS[pattern] ?? (() => 0));
    const mask = maskFromLogits({ logits, inputSide }, { width, height });
    expect(mask.segmentation.size).toEqual(expected.size);
    expect(pixelsThatDiffer(mask.segmentation, expected)).toBe(0);
  },
);

test('the mask comes with its own area and box', () => {
  const logits = logitsOf((x, y) => (x >= 64 && x < 128 && y >= 32 && y < 64 ? 1 : -1));
  const { area, bbox } = maskFromLogits({ logits, inputSide: 1024 }, { width: 1024, height: 512 });
  // Bilinear resizing takes one pixel off every corner.
  expect({ area, bbox }).toEqual({ area: 256 * 128 - 4, bbox: [256, 128, 256, 128] });
});

test.each([
  [-1, 0],
  [0, 0],
  [1, 35],
])('logits that are %d everywhere give %d pixels', (value, area) => {
  expect(
    maskFromLogits({ logits: logitsOf(() => value), inputSide: 1024 }, { width: 7, height: 5 }).area,
  ).toBe(area);
});

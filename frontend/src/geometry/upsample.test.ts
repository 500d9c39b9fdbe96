import { expect, test } from 'vitest';
import cases from './fixtures/upsample.json';
import { decodeMask, encodeMask } from './rle';
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
    const mask = maskFromLogits({ logits, inputSide, crop: [0, 0, width, height] }, { width, height });
    expect(mask.segmentation.size).toEqual(expected.size);
    expect(pixelsThatDiffer(mask.segmentation, expected)).toBe(0);
  },
);

test('the mask comes with its own area and box', () => {
  const logits = logitsOf((x, y) => (x >= 64 && x < 128 && y >= 32 && y < 64 ? 1 : -1));
  const { area, bbox } = maskFromLogits(
    { logits, inputSide: 1024, crop: [0, 0, 1024, 512] },
    { width: 1024, height: 512 },
  );
  // Bilinear resizing takes one pixel off every corner.
  expect({ area, bbox }).toEqual({ area: 256 * 128 - 4, bbox: [256, 128, 256, 128] });
});

test.each([
  [-1, 0],
  [0, 0],
  [1, 35],
])('logits that are %d everywhere give %d pixels', (value, area) => {
  expect(
    maskFromLogits(
      { logits: logitsOf(() => value), inputSide: 1024, crop: [0, 0, 7, 5] },
      { width: 7, height: 5 },
    ).area,
  ).toBe(area);
});

test.each([
  [1024, [37, 11, 53, 64], [200, 100]],
  [1024, [0, 0, 300, 200], [300, 200]],
  [1024, [7, 0, 300, 200], [307, 200]],
  [1024, [0, 90, 200, 300], [640, 390]],
  [256, [512, 256, 600, 401], [2000, 1000]],
] as const)(
  'a mask from an input of %d lies where its crop %j lies in an image of %j',
  (inputSide, crop, size) => {
    const [left, top, cropWidth, cropHeight] = crop;
    const [width, height] = size;
    const logits = logitsOf(PATTERNS.rings ?? (() => 0));
    const part = maskFromLogits(
      { logits, inputSide, crop: [0, 0, cropWidth, cropHeight] },
      { width: cropWidth, height: cropHeight },
    );
    const expected = new Uint8Array(width * height);
    decodeMask(part.segmentation).data.forEach((value, i) => {
      expected[(top + Math.floor(i / cropWidth)) * width + left + (i % cropWidth)] = value;
    });
    const mask = maskFromLogits({ logits, inputSide, crop }, { width, height });
    const data = decodeMask(mask.segmentation).data;
    expect(data.every((value, i) => value === expected[i])).toBe(true);
    expect(mask.segmentation).toEqual(encodeMask({ width, height, data: expected }));
    expect(mask.area).toBe(part.area);
  },
);

import { expect, test } from 'vitest';

import { pullStep } from './pullStep';

test.each([
  [null, 'project:model.waiting'],
  ['sam_vit_b: converting the weights', 'project:model.steps.converting'],
  ['sam_vit_b: exporting the encoder to ONNX', 'project:model.steps.exporting'],
  ['sam_vit_b: verifying its SHA-256', 'project:model.steps.verifying'],
  ['sam_vit_b: making it from https://example.org/sam.pth', 'project:model.steps.preparing'],
])('the step %j has a text of its own', (step, key) => {
  expect(pullStep(step).key).toBe(key);
});

test('a download is told in numbers', () => {
  expect(pullStep('sam.pth: 12.5 MB of 375.0 MB, 3.1 MB/s, 2 min left')).toEqual({
    key: 'project:model.steps.downloading',
    values: { received: '12.5 MB', total: '375.0 MB', rate: '3.1 MB' },
  });
});

import { expect, test } from 'vitest';
import { cropFor, isInCrop, sizeOfCrop, wholeCrop } from './crops';
import cases from './fixtures/crops.json';

test.each(cases)(
  "of $size the view $seen is seen in the server's crop, for an input of $input_side",
  (place) => {
    const [width = 0, height = 0] = place.size;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = place.seen;
    expect(cropFor({ x0, y0, x1, y1 }, { width, height }, place.input_side)).toEqual(place.crop);
  },
);

test('what is not larger than three fifths of a square lies inside one, its margin included', () => {
  const size = { width: 6000, height: 4000 };
  for (let i = 0; i < 500; i += 1) {
    const [x0, y0] = [(i * 7919) % 4200, (i * 104_729) % 2200];
    const crop = cropFor({ x0, y0, x1: x0 + 1800, y1: y0 + 1800 }, size, 1024);
    expect(crop?.[2]).toBeLessThanOrEqual(3000);
    expect(crop && isInCrop({ x0, y0, x1: x0 + 1800, y1: y0 + 1800 }, crop)).toBe(true);
  }
});

test('an image that fills the input of the model no more than once is seen whole, however near one looks', () => {
  const near = { x0: 10, y0: 10, x1: 20, y1: 20 };
  expect(cropFor(near, { width: 1024, height: 1024 }, 1024)).toBeNull();
  expect(cropFor(near, { width: 1024, height: 1024 }, 256)).toEqual([0, 0, 128, 128]);
});

test('a view beside the image sees nothing of it', () => {
  expect(cropFor({ x0: -50, y0: 0, x1: -1, y1: 40 }, { width: 6000, height: 4000 }, 1024)).toBeNull();
});

test('a crop of all is the image', () => {
  expect(sizeOfCrop(wholeCrop({ width: 7, height: 5 }))).toEqual({ width: 7, height: 5 });
});

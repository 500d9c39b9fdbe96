import type { Size } from '../geometry/types';
import type { EditingSettings } from './model';

/** As many brushes as fit along the longer side of the image. */
const BRUSHES = 40;

const DEFAULTS: Omit<EditingSettings, 'brushSize'> = {
  operation: 'add',
  tolerance: 1.5,
  overlaps: 'off',
  holeArea: 200,
  islandArea: 200,
  partCount: 1,
  smoothRadius: 4,
};

export function defaultSettings({ width, height }: Size): EditingSettings {
  return { ...DEFAULTS, brushSize: Math.max(4, Math.round(Math.max(width, height) / BRUSHES)) };
}

/** Image pixels: a slider must still tell one size from the next. */
const LARGEST = 1000;

/** The largest brush worth having, diameter in image pixels. */
export function largestBrush({ width, height }: Size): number {
  return Math.min(LARGEST, Math.max(16, Math.round(Math.max(width, height) / 2)));
}

/** A step is a seventh of the size, and a pixel at least. */
const STEP = 1.15;

export function steppedBrush(size: number, steps: number, largest: number): number {
  const wanted = Math.round(size * STEP ** steps);
  return Math.min(largest, Math.max(1, wanted === size ? size + Math.sign(steps) : wanted));
}

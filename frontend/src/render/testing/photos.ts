/** Photos: whether tiles look like the photo in one piece, and what the adjustments make of its colours. */
import type { Xywh } from '../../geometry/box';
import type { Photo } from '../photo';
import type { PhotoAdjustments } from '../scene';
import { keyOf, TileGrid, type Tile } from '../tileGrid';
import {
  drawAndRead,
  frame,
  middleOf,
  randomNumbers,
  renderer,
  sceneOf,
  showPhoto,
  type Picture,
  type Rgb,
} from './stage';

const SIZE = { width: 301, height: 205 };
const GRID = new TileGrid(SIZE, { size: 64, overlap: 1, levels: 3 });
const WHOLE: Xywh = [0, 0, SIZE.width, SIZE.height];
const PATIENCE_FRAMES = 300;

/** Noise: a seam that is off by a pixel shows. */
function noise(): OffscreenCanvas {
  const canvas = new OffscreenCanvas(SIZE.width, SIZE.height);
  const random = randomNumbers(3);
  const image = new ImageData(SIZE.width, SIZE.height);
  for (let i = 0; i < image.data.length; i += 1) image.data[i] = i % 4 === 3 ? 255 : random() * 256;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/** A black overview, so that only tiles can bring the colours. */
async function tiledPhoto(source: OffscreenCanvas): Promise<Photo> {
  const urls = new Map<string, string>();
  for (const tile of GRID.tilesIn(0, WHOLE)) {
    const [x, y, width, height] = GRID.pictureOf(tile);
    const piece = new OffscreenCanvas(width, height);
    piece.getContext('2d')?.drawImage(source, -x, -y);
    urls.set(keyOf(tile), URL.createObjectURL(await piece.convertToBlob()));
  }
  const overview = GRID.sizeOf(2);
  const bitmap = await createImageBitmap(new ImageData(overview.width, overview.height));
  const urlOf = (tile: Tile) => urls.get(keyOf(tile)) ?? '';
  return { bitmap, imageSize: SIZE, tiles: { grid: GRID, urlOf } };
}

function largestDifference(a: Picture, b: Picture): number {
  return a.pixels.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b.pixels[i] ?? 0))), 0);
}

/** How far, of 255, the photo in tiles is from the photo in one piece once all tiles are there. */
export async function tileMismatch(scale: number): Promise<number> {
  const scene = sceneOf(SIZE, { scale, x: -100, y: -80 });
  const source = noise();
  renderer.setPhoto({ bitmap: await createImageBitmap(source), imageSize: SIZE, tiles: null });
  const expected = drawAndRead(scene);
  renderer.setPhoto(await tiledPhoto(source));
  let difference = 255;
  for (let i = 0; i < PATIENCE_FRAMES && difference > 1; i += 1) {
    await frame();
    difference = largestDifference(drawAndRead(scene), expected);
  }
  return difference;
}

/** What becomes of a photo of one colour. */
export async function adjustedColor([r, g, b]: Rgb, adjustments: PhotoAdjustments): Promise<Rgb> {
  await showPhoto(SIZE, (context) => {
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fillRect(0, 0, SIZE.width, SIZE.height);
  });
  return middleOf(drawAndRead(sceneOf(SIZE, { scale: 10, x: 0, y: 0 }, { adjustments })));
}

/** Where something lies in an image, and how large it is, in words. */
import type { CrosshairView } from '../../editor/crosshair';
import type { MakingMask } from '../../editor/model';
import type { Xywh } from '../../geometry/box';
import { sizeOfCrop } from '../../geometry/crops';
import { gridSize, maskBox } from '../../geometry/grid';
import type { Box, Point, Size } from '../../geometry/types';
import type { Message } from '../../i18n/message';

const PLACES = [
  ['upperLeft', 'top', 'upperRight'],
  ['left', 'centre', 'right'],
  ['lowerLeft', 'bottom', 'lowerRight'],
] as const;

/** "12 % of the image, at the upper left" */
export function areaOfMask(shown: MakingMask, image: Size): Message {
  const values = { share: percent(shareOf(shown, image)), place: placeOf(middleOfMask(shown), image) };
  return { key: 'keyboard:say.area', values };
}

/** Thirds of the image, each way. */
export function placeOf({ x, y }: Point, { width, height }: Size): Message {
  const third = (at: number, length: number) => Math.min(2, Math.max(0, Math.floor((3 * at) / length)));
  const place = PLACES[third(y, height)]?.[third(x, width)] ?? 'centre';
  return { key: `keyboard:place.${place}` };
}

export interface MaskName {
  readonly number: number;
  readonly category: Message | string;
}

export function crosshairMessage(
  { point, area }: CrosshairView,
  image: Size,
  under: MaskName | null,
): Message {
  if (area) {
    const [width, height] = [Math.round(area.x1 - area.x0), Math.round(area.y1 - area.y0)];
    return { key: 'keyboard:say.quarters', values: { width, height, place: placeOf(point, image) } };
  }
  const values = { x: percent(point.x / image.width), y: percent(point.y / image.height) };
  if (!under) return { key: 'keyboard:say.crosshair', values };
  return { key: 'keyboard:say.crosshairOver', values: { ...values, ...under } };
}

/** Of the image's area. A candidate's is measured on the grid of the model. */
function shareOf(shown: MakingMask, image: Size): number {
  if (shown.kind === 'full') return shown.mask.area / (image.width * image.height);
  const { crop, gridArea, inputSide } = shown.candidate;
  const size = sizeOfCrop(crop);
  const grid = gridSize(size, inputSide);
  const ofCrop = gridArea / (grid.width * grid.height);
  return (ofCrop * size.width * size.height) / (image.width * image.height);
}

function middleOfMask(shown: MakingMask): Point {
  if (shown.kind === 'full') return middleOfXywh(shown.mask.bbox);
  const box = maskBox(shown.candidate);
  return box ? middleOfBox(box) : middleOfXywh(shown.candidate.crop);
}

const middleOfXywh = ([x, y, width, height]: Xywh): Point => ({ x: x + width / 2, y: y + height / 2 });
const middleOfBox = ({ x0, y0, x1, y1 }: Box): Point => ({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 });

/** Small things are worth a digit. */
const percent = (share: number): string => {
  const value = share * 100;
  return `${value < 1 ? Number(value.toFixed(1)) : Math.round(value)} %`;
};

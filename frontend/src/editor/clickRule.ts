/**
 * Which of the model's four masks answers a sequence of clicks, and that the mask taken obeys them: the rule of
 * models/sam/click_rule.py, number by number. fixtures/clickRule.json holds both to the same answers.
 *
 * Everything happens on the square grid of the logits, whose cell (column, row) has its centre at whole numbers; only its
 * top-left `extent`, which holds image, counts.
 */
import type { MaskToken } from '../geometry/decoding';
import type { Size } from '../geometry/types';
import { depthsOf } from './depths';

const SINGLE = 0;
/** Of token 0, which knows that there are several clicks. */
const SINGLE_BONUS = 0.2;
/** The click that chooses among the masks; after it, token 0 refines what was chosen best. */
const CHOOSING_CLICK = 2;
/** By which the logit at a click is on the right side. */
const MARGIN = 0.5;
/** Of a correction: standard deviation, in sides of a square as large as the mask. */
const SPREAD = 0.1;
/** Cells. */
const MIN_SPREAD = 2;
/** At most; clicks that contradict each other within a cell or two stay unobeyed. */
const CORRECTIONS = 10;

export interface GridClick {
  readonly column: number;
  readonly row: number;
  readonly foreground: boolean;
}

/** The prompts of a mask, on the grid. */
export interface Prompted {
  /** In the order in which they were given. */
  readonly clicks: readonly GridClick[];
  /** A box was given, too: it says which mask is meant. */
  readonly boxed: boolean;
}

/** What is known when the model has answered. */
export interface Question extends Prompted {
  readonly masks: readonly TokenMask[];
  /** Logits of the mask that the last click corrects; null where nothing was shown. */
  readonly previous: Float32Array | null;
}

export interface TokenMask {
  readonly token: MaskToken;
  readonly logits: Float32Array;
  readonly predictedIou: number;
}

/** A lone click may mean a whole, a part or a subpart; more clicks, or a box, say which. */
export function isAmbiguous({ clicks, boxed }: Prompted): boolean {
  return clicks.length === 1 && !boxed;
}

/**
 * The token whose mask is taken. A lone click: the best predicted IoU of the ambiguous three. The second: the mask that
 * explains it best and changes the previous mask least. Later, with a box, or where nothing was shown before: token 0.
 */
export function chooseToken(question: Question, extent: Size): MaskToken {
  const { masks, clicks, boxed, previous } = question;
  if (isAmbiguous(question)) {
    return bestOf(
      masks.filter(({ token }) => token !== SINGLE),
      ({ predictedIou }) => predictedIou,
    );
  }
  const newest = clicks.at(-1);
  if (boxed || !newest || previous === null || clicks.length !== CHOOSING_CLICK) return SINGLE;
  const before = bitmapOf(previous, extent);
  return bestOf(masks, ({ token, logits }) => {
    const mask = bitmapOf(logits, extent);
    const bonus = token === SINGLE ? SINGLE_BONUS : 0;
    return explanation({ mask, before, click: newest }, extent) + overlap(mask, before) + bonus;
  });
}

/** The first of the best. */
function bestOf(masks: readonly TokenMask[], score: (mask: TokenMask) => number): MaskToken {
  const scores = masks.map(score);
  return masks[scores.indexOf(Math.max(...scores))]?.token ?? SINGLE;
}

/** The part of the grid that holds image: 1 in the mask, 0 outside. */
function bitmapOf(logits: Float32Array, extent: Size): Uint8Array {
  const side = Math.sqrt(logits.length);
  const bitmap = new Uint8Array(extent.width * extent.height);
  for (let y = 0; y < extent.height; y += 1) {
    for (let x = 0; x < extent.width; x += 1) {
      if ((logits[y * side + x] ?? 0) > 0) bitmap[y * extent.width + x] = 1;
    }
  }
  return bitmap;
}

interface Correction {
  readonly mask: Uint8Array;
  readonly before: Uint8Array;
  readonly click: GridClick;
}

/**
 * How well a mask explains that someone who saw the one before clicked there: 0 to 1. People click the middle of what is
 * most wrong. Were `mask` what they want, then the click would be at the deepest cell of all that the two differ in.
 */
function explanation({ mask, before, click }: Correction, extent: Size): number {
  const missing = depthsOf(without(mask, before), extent);
  const excess = depthsOf(without(before, mask), extent);
  const deepest = Math.max(largest(missing), largest(excess));
  const column = clamp(Math.floor(click.column + 0.5), extent.width - 1);
  const row = clamp(Math.floor(click.row + 0.5), extent.height - 1);
  const depth = (click.foreground ? missing : excess)[row * extent.width + column] ?? 0;
  return deepest > 0 ? depth / deepest : 0;
}

/** What is in one bitmap and not in the other. */
function without(one: Uint8Array, other: Uint8Array): Uint8Array {
  const difference = new Uint8Array(one.length);
  for (let i = 0; i < one.length; i += 1) difference[i] = one[i] && !other[i] ? 1 : 0;
  return difference;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}

/** IoU of two masks, 0 where both are empty. */
function overlap(one: Uint8Array, other: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < one.length; i += 1) {
    if (one[i] && other[i]) both += 1;
    if (one[i] || other[i]) either += 1;
  }
  return either === 0 ? 0 : both / either;
}

/**
 * Logits, raised or lowered around the clicks that they contradict until they do not; the same array where they obey.
 * A lone click only chooses among masks; later, the masks must yield. A correction falls off as a Gaussian, so that what
 * is nearly mask around a click (a leg, a twig) comes or goes with it.
 */
export function obeying(logits: Float32Array, prompted: Prompted, extent: Size): Float32Array {
  if (isAmbiguous(prompted)) return logits;
  const spread = spreadOf(logits, extent);
  const weights = correctionsOf(logits, prompted.clicks, spread);
  if (weights.every((weight) => weight === 0)) return logits;
  const total = Float64Array.from(logits);
  prompted.clicks.forEach((click, i) => addBell(total, click, { height: weights[i] ?? 0, spread }));
  return Float32Array.from(total);
}

/**
 * The height of the Gaussian on each click. Always the worst contradiction is mended next, for one correction may mend
 * several clicks, or break one.
 */
function correctionsOf(logits: Float32Array, clicks: readonly GridClick[], spread: number): number[] {
  const weights = clicks.map(() => 0);
  const values = clicks.map((click) => valueAt(logits, click));
  for (let round = 0; round < CORRECTIONS; round += 1) {
    const lacking = clicks.map((click, i) => MARGIN - signOf(click) * (values[i] ?? 0));
    const most = Math.max(0, ...lacking);
    const worst = lacking.indexOf(most);
    const mended = clicks[worst];
    if (most === 0 || !mended) break;
    weights[worst] = (weights[worst] ?? 0) + signOf(mended) * most;
    clicks.forEach((click, i) => {
      const distance = Math.hypot(click.column - mended.column, click.row - mended.row);
      values[i] = (values[i] ?? 0) + signOf(mended) * most * bell(distance, spread);
    });
  }
  return weights;
}

function signOf({ foreground }: GridClick): 1 | -1 {
  return foreground ? 1 : -1;
}

/** Standard deviation of corrections, in cells: larger masks are corrected more widely. */
function spreadOf(logits: Float32Array, extent: Size): number {
  const cells = bitmapOf(logits, extent).reduce((sum, inside) => sum + inside, 0);
  return Math.max(MIN_SPREAD, SPREAD * Math.sqrt(cells));
}

/** Adds a Gaussian around a click to a square grid. */
function addBell(
  grid: Float64Array,
  click: GridClick,
  { height, spread }: { height: number; spread: number },
): void {
  if (height === 0) return;
  const side = Math.sqrt(grid.length);
  const across = bells(click.column, spread, side);
  const down = bells(click.row, spread, side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const cell = y * side + x;
      grid[cell] = (grid[cell] ?? 0) + height * (down[y] ?? 0) * (across[x] ?? 0);
    }
  }
}

/** A Gaussian of height 1. */
function bell(distance: number, spread: number): number {
  return Math.exp(-(distance ** 2) / (2 * spread ** 2));
}

function bells(centre: number, spread: number, side: number): number[] {
  return Array.from({ length: side }, (_, i) => bell(i - centre, spread));
}

/** Bilinear between the cells' centres, as logits are enlarged. */
function valueAt(logits: Float32Array, { column, row }: GridClick): number {
  const side = Math.sqrt(logits.length);
  const [x, y] = [clamp(column, side - 1), clamp(row, side - 1)];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(left + 1, side - 1), Math.min(top + 1, side - 1)];
  const along = (line: number): number => {
    const [from, to] = [logits[line * side + left] ?? 0, logits[line * side + right] ?? 0];
    return from * (1 - (x - left)) + to * (x - left);
  };
  return along(top) * (1 - (y - top)) + along(bottom) * (y - top);
}

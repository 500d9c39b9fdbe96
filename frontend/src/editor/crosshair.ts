/**
 * A pointer that is moved by keys: by steps of the screen, or by halving what is seen again and again. What the mouse can
 * do, it can: it moves, clicks, presses, drags and releases the tool in hand.
 */
import { boxInImage } from '../geometry/box';
import type { Box, Point } from '../geometry/types';
import type { Core } from './core';
import type { PointerInput } from './model';

/** What the page shows of the image. */
export interface Sight {
  /** Image pixels. */
  readonly seen: Box;
  /** Screen (CSS) pixels per image pixel. */
  readonly scale: number;
}

export interface CrosshairView {
  readonly point: Point;
  /** What is halved next, image pixels; null while it is not. */
  readonly area: Box | null;
  /** Holds the tool pressed: moving drags. */
  readonly isPressed: boolean;
}

export type Direction = 'left' | 'right' | 'up' | 'down';
export type Quadrant = 'upperLeft' | 'upperRight' | 'lowerLeft' | 'lowerRight';

/** What the crosshair moves: the editor's own pointer. */
interface Pointer {
  readonly isInGesture: boolean;
  pointerMove(input: PointerInput): void;
  pointerDown(input: PointerInput): void;
  pointerUp(input: PointerInput): void;
  pointerCancel(): void;
  pointerLeave(): void;
}

/** Screen pixels of a single step, of the longest one while a key is held, and how many times as far Shift goes. */
const STEP = 2;
const LONGEST_STEP = 24;
const GROWTH = 1.2;
const FAR = 10;
/** Milliseconds between two steps of a key that is held. */
const HELD = 120;

const WAYS: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

export class Crosshair {
  private point: Point | null = null;
  private areas: readonly Box[] = [];
  private pressed = false;
  private sight: Sight;
  private walk = { direction: 'left' as Direction, at: -Infinity, step: STEP };

  constructor(
    private readonly core: Core,
    private readonly pointer: Pointer,
  ) {
    const { width, height } = core.imageSize;
    this.sight = { seen: { x0: 0, y0: 0, x1: width, y1: height }, scale: 1 };
  }

  /** Null while the mouse, a pen or a finger points. */
  get view(): CrosshairView | null {
    const { point, areas } = this;
    return point && { point, area: areas.at(-1) ?? null, isPressed: this.isPressed };
  }

  get isShown(): boolean {
    return this.point !== null;
  }

  get isHalving(): boolean {
    return this.areas.length > 0;
  }

  /** The page was panned, zoomed or resized. */
  see(sight: Sight): void {
    this.sight = sight;
  }

  /** One step; the first one only shows where the crosshair is. Steps grow while a key is held. */
  move(direction: Direction, isFar: boolean): void {
    const from = this.inSight;
    this.goTo(from ? this.stepFrom(from, direction, isFar) : middleOf(this.visible), []);
  }

  /** Begins to halve what is seen; once more ends it. */
  halve(): void {
    const { isHalving, visible } = this;
    if (isHalving) this.goTo(middleOf(this.areas.at(-1) ?? visible), []);
    else this.goTo(middleOf(visible), [visible]);
  }

  /** Goes on with a quarter of the area. */
  choose(quadrant: Quadrant): void {
    const area = this.areas.at(-1);
    if (!area) return;
    const quarter = quarterOf(area, quadrant);
    this.goTo(middleOf(quarter), [...this.areas, quarter]);
  }

  /** The area before the last one; from the first one, out. */
  stepBack(): void {
    const areas = this.areas.slice(0, -1);
    this.goTo(middleOf(areas.at(-1) ?? this.visible), areas);
  }

  /** Clicks with the tool in hand. A click ends the halving. */
  click(button: PointerInput['button'] = 'primary'): void {
    const { point } = this;
    if (!point) return;
    this.core.transact(() => {
      this.areas = [];
      this.pressed = false;
      this.pointer.pointerDown(this.input(point, button));
      this.pointer.pointerUp(this.input(point, button));
    });
  }

  /** Presses the tool and holds it, or lets go of it. */
  toggle(): void {
    const { point, isPressed } = this;
    if (!point) return;
    this.core.transact(() => {
      this.areas = [];
      this.pressed = !isPressed;
      if (isPressed) this.pointer.pointerUp(this.input(point));
      else this.pointer.pointerDown(this.input(point));
    });
  }

  /** Another pointer takes over. */
  hide(): void {
    if (!this.isShown) return;
    this.core.transact(() => {
      if (this.isPressed) this.pointer.pointerCancel();
      this.pointer.pointerLeave();
      this.point = null;
      this.areas = [];
      this.pressed = false;
    });
  }

  /** Escape, undo or another tool may have ended the gesture. */
  private get isPressed(): boolean {
    return this.pressed && this.pointer.isInGesture;
  }

  /** What is seen of the image; all of it where nothing is seen. */
  private get visible(): Box {
    const { width, height } = this.core.imageSize;
    return boxInImage(this.sight.seen, this.core.imageSize) ?? { x0: 0, y0: 0, x1: width, y1: height };
  }

  /** Where the crosshair is, if that is seen. */
  private get inSight(): Point | null {
    const { point, visible } = this;
    return point && isInBox(point, visible) ? point : null;
  }

  private goTo(point: Point, areas: readonly Box[]): void {
    this.core.transact(() => {
      this.point = this.inImage(point);
      this.areas = areas;
      this.pointer.pointerMove(this.input(this.point));
    });
  }

  private inImage({ x, y }: Point): Point {
    const { width, height } = this.core.imageSize;
    return { x: clamp(x, width), y: clamp(y, height) };
  }

  private stepFrom(from: Point, direction: Direction, isFar: boolean): Point {
    const step = (this.stepTo(direction) * (isFar ? FAR : 1)) / this.sight.scale;
    const { x, y } = WAYS[direction];
    return { x: from.x + x * step, y: from.y + y * step };
  }

  /** Screen pixels. */
  private stepTo(direction: Direction): number {
    const at = this.core.now();
    const isHeld = direction === this.walk.direction && at - this.walk.at < HELD;
    const step = isHeld ? Math.min(LONGEST_STEP, this.walk.step * GROWTH) : STEP;
    this.walk = { direction, at, step };
    return step;
  }

  private input(point: Point, button: PointerInput['button'] = 'primary'): PointerInput {
    const none = { alt: false, shift: false, mod: false };
    return { ...point, ...none, button, device: 'mouse', pressure: 0.5, scale: this.sight.scale };
  }
}

/** Into the middle of the pixels at the edge. */
const clamp = (value: number, length: number): number => Math.min(length - 0.5, Math.max(0.5, value));

const middleOf = ({ x0, y0, x1, y1 }: Box): Point => ({ x: (x0 + x1) / 2, y: (y0 + y1) / 2 });

const isInBox = ({ x, y }: Point, { x0, y0, x1, y1 }: Box): boolean =>
  x >= x0 && y >= y0 && x <= x1 && y <= y1;

export function quarterOf(area: Box, quadrant: Quadrant): Box {
  const { x, y } = middleOf(area);
  const isLeft = quadrant === 'upperLeft' || quadrant === 'lowerLeft';
  const isUpper = quadrant === 'upperLeft' || quadrant === 'upperRight';
  const [x0, x1] = isLeft ? [area.x0, x] : [x, area.x1];
  const [y0, y1] = isUpper ? [area.y0, y] : [y, area.y1];
  return { x0, y0, x1, y1 };
}

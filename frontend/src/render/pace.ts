/** How many pixels of masks are painted in one frame: as many as leave the frames a hand needs. */

/** Of the first frame; without a GPU, hundreds of overlapping masks take some 20 ms for it. */
const FIRST = 1 << 16;
const [LEAST, MOST] = [1 << 15, 1 << 24];
/** Frames of this length, milliseconds, leave room for more; longer than the other, for less. */
const [SHORT, LONG] = [24, 40];
/** Beyond it, nobody was painting. */
const PAUSE = 250;

export class Pace {
  private pixels = FIRST;
  private last = -Infinity;

  /** What the frame at this time, milliseconds, may paint. Asked only in frames that paint. */
  next(now: number): number {
    const taken = now - this.last;
    this.last = now;
    if (taken < SHORT) this.pixels = Math.min(MOST, this.pixels * 2);
    else if (taken > LONG && taken < PAUSE) this.pixels = Math.max(LEAST, this.pixels / 2);
    return this.pixels;
  }
}

/**
 * The part of the open image that a person looks at closely, and the crops of it that the worker holds. A request is decoded
 * in the crop in focus once that is there and has room for the whole object; a mask never ends at the edge of a crop that
 * is too small for it.
 */
import type { Xywh } from '../geometry/box';
import { isInCrop, isSameCrop, wholeCrop } from '../geometry/crops';
import type { DecodeRequest, Prompt } from '../geometry/decoding';
import { maskBox } from '../geometry/grid';
import type { Box } from '../geometry/types';

/** 2 MiB each, in the worker. */
const HELD = 4;

export class Focus {
  wanted: Xywh | null = null;
  /** What the worker holds, the latest last. */
  private held: readonly Xywh[] = [];

  /** Null: the whole image. Returns the crops that the worker may keep besides this one. */
  want(crop: Xywh | null): readonly Xywh[] {
    this.wanted = crop;
    const known = crop && this.held.find((other) => isSameCrop(other, crop));
    if (known) this.held = [...this.held.filter((other) => other !== known), known];
    this.held = this.held.slice(known ? -HELD : 1 - HELD);
    return this.held;
  }

  /** It has come to the worker. */
  hold(crop: Xywh): void {
    if (!this.holds(crop)) this.held = [...this.held, crop];
  }

  /** The worker is another one, or has another image. */
  lose(): void {
    this.held = [];
  }

  cropFor({ prompts, prior, imageSize }: DecodeRequest): Xywh {
    const { wanted } = this;
    const whole = wholeCrop(imageSize);
    if (!wanted || !this.holds(wanted)) return whole;
    const boxes = [...prompts.map(boxOf), ...(prior ? [maskBox(prior)] : [])];
    const hasRoom = (crop: Xywh): boolean => boxes.every((box) => !box || isInCrop(box, crop));
    const smallest = this.held.filter(hasRoom).sort((a, b) => areaOf(a) - areaOf(b))[0];
    return hasRoom(wanted) ? wanted : (smallest ?? whole);
  }

  private holds(crop: Xywh): boolean {
    return this.held.some((other) => isSameCrop(other, crop));
  }
}

function boxOf(prompt: Prompt): Box {
  if (prompt.kind === 'box') return prompt.box;
  return { x0: prompt.x, y0: prompt.y, x1: prompt.x, y1: prompt.y };
}

const areaOf = ([, , width, height]: Xywh): number => width * height;

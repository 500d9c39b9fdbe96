/** The polygon of the mask at hand, as the vertex tool changes it. */
import type { FullMask } from '../geometry/decoding';
import { runsOf } from '../geometry/fullMask';
import type { Core } from './core';
import type { Editing } from './editing';
import { onlyShown, type Outline, outlineOf, runsOfOutline, simplified } from './outline';

export class Outlines {
  /** For as long as someone holds the mask: undo finds the vertices as a person has put them. */
  private readonly known = new WeakMap<FullMask, Outline>();

  constructor(
    private readonly core: Core,
    private readonly editing: Editing,
  ) {}

  /** Of the mask that an edit would change; null where there is none, or the model is still deciding it. */
  get current(): Outline | null {
    const { mask } = this.editing;
    return mask && this.outlineOf(mask);
  }

  /** Shows other vertices of the same outline. */
  show(outline: Outline): void {
    const { mask } = this.editing;
    if (mask) this.core.transact(() => this.known.set(mask, outline));
  }

  /** The mask becomes what the outline holds, and keeps it unless the mask had to give way to others. */
  reshape(outline: Outline, startedAt?: number): void {
    const runs = runsOfOutline(outline, this.core.imageSize);
    this.core.transact(() => {
      this.editing.change({
        kind: 'vertices',
        apply: () => runs,
        ...(startedAt !== undefined && { startedAt }),
      });
      const { mask } = this.editing;
      if (mask && runsOf(mask) === runs) this.show(outline);
    });
  }

  /** Makes the mask what its shown vertices alone say. */
  keepShown(): void {
    const { current } = this;
    if (current) this.reshape(onlyShown(current));
  }

  private outlineOf(mask: FullMask): Outline {
    const { tolerance } = this.editing.settings;
    const known = this.known.get(mask);
    if (known?.tolerance === tolerance) return known;
    const outline = known
      ? simplified(known.exact, tolerance)
      : outlineOf(runsOf(mask), this.core.imageSize, tolerance);
    this.known.set(mask, outline);
    return outline;
  }
}

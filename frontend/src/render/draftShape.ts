/** What a draft is made of, as shapes: logits at full size, and the inside of rings, by the rules of what is stored. */
import type { Xywh } from '../geometry/box';
import type { MaskLogits } from '../geometry/decoding';
import { fullMaskOf } from '../geometry/fullMask';
import { ringsToRuns } from '../geometry/rings';
import type { Size } from '../geometry/types';
import { maskFromLogits } from '../geometry/upsample';
import type { Frame } from './gl';
import { rectOnCanvas, type Rect } from './rects';
import type { SceneDraft, SceneRings, SceneShape, SceneStroke } from './scene';

/** Outline and halo, CSS pixels. */
const MARGIN = 4;

const fromLogits = new WeakMap<Float32Array, SceneShape>();
const fromRings = new WeakMap<SceneRings['rings'], SceneShape>();

/** Computed once for the same logits. */
export function shapeOfBase(base: SceneShape | MaskLogits, imageSize: Size): SceneShape {
  if ('segmentation' in base) return base;
  const known = fromLogits.get(base.logits);
  if (known) return known;
  const shape = maskFromLogits(base, imageSize);
  fromLogits.set(base.logits, shape);
  return shape;
}

/** Computed once for the same rings. */
export function shapeOfRings({ rings }: SceneRings, imageSize: Size): SceneShape {
  const known = fromRings.get(rings);
  if (known) return known;
  const shape = fullMaskOf(ringsToRuns(rings, imageSize), imageSize);
  fromRings.set(rings, shape);
  return shape;
}

/** Canvas pixels that hold everything of a draft. */
export function areaOfDraft(frame: Frame, draft: SceneDraft): Rect {
  const bounds = boundsOf(draft, frame.imageSize) ?? [0, 0, 0, 0];
  return rectOnCanvas(bounds, frame, MARGIN * frame.ratio);
}

/** Image pixels that hold everything of a draft, XYWH; null when it is empty. */
function boundsOf({ base, stroke, rings }: SceneDraft, imageSize: Size): Xywh | null {
  const boxes = [
    ...(base ? [shapeOfBase(base, imageSize).bbox] : []),
    ...(stroke ? [boundsOfStroke(stroke)] : []),
    ...(rings ? [shapeOfRings(rings, imageSize).bbox] : []),
  ].filter(([, , width, height]) => width > 0 && height > 0);
  if (boxes.length === 0) return null;
  const [x0, y0] = [Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y))];
  const x1 = Math.max(...boxes.map(([x, , width]) => x + width));
  const y1 = Math.max(...boxes.map(([, y, , height]) => y + height));
  return [x0, y0, x1 - x0, y1 - y0];
}

function boundsOfStroke({ dabs }: SceneStroke): Xywh {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, radius } of dabs) {
    [x0, y0] = [Math.min(x0, x - radius), Math.min(y0, y - radius)];
    [x1, y1] = [Math.max(x1, x + radius), Math.max(y1, y + radius)];
  }
  return dabs.length === 0 ? [0, 0, 0, 0] : [x0, y0, x1 - x0, y1 - y0];
}

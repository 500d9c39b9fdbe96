/** Where on the canvas there is anything of a scene over photo and accepted masks. */
import { areaOfCandidate } from './candidateArea';
import { areaOfDraft } from './draftShape';
import type { Frame } from './gl';
import { MARK_REACH, MARK_VALUES, markValues } from './marks';
import { widened, type Rect } from './rects';
import { lineValues } from './ringLayer';
import type { Scene } from './scene';

/** Width of the lines of rings and what smooths them, CSS pixels. */
const LINE_REACH = 4;

/** Canvas pixels; they may overlap, and reach over the edge. The hovered and the selected masks are not among them. */
export function overlayAreas(frame: Frame, scene: Scene): Rect[] {
  return [...candidateAreas(frame, scene), ...draftAreas(frame, scene), ...markAreas(frame, scene)];
}

function candidateAreas(frame: Frame, { candidates }: Scene): Rect[] {
  return candidates.flatMap((mask) => {
    if (!('logits' in mask))
      return areaOfDraft(frame, { base: mask, stroke: null, rings: null, color: mask.color });
    const area = areaOfCandidate(frame, mask);
    return area ? { x0: area[0], y0: area[1], x1: area[2], y1: area[3] } : [];
  });
}

function draftAreas(frame: Frame, { draft }: Scene): Rect[] {
  if (!draft) return [];
  const area = areaOfDraft(frame, draft);
  if (!draft.rings) return [area];
  const lines = boundsOfPoints(lineValues(draft.rings, frame));
  return [area, widened(lines, LINE_REACH * frame.ratio)];
}

function markAreas(frame: Frame, scene: Scene): Rect[] {
  const values = markValues(scene, frame);
  return Array.from({ length: values.length / MARK_VALUES }, (_, i) => {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = values.subarray(i * MARK_VALUES);
    return widened({ x0, y0, x1, y1 }, MARK_REACH * frame.ratio);
  });
}

/** Of x and y in turn. */
function boundsOfPoints(values: Float32Array): Rect {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 2) {
    const [x = 0, y = 0] = values.subarray(i, i + 2);
    [x0, y0] = [Math.min(x0, x), Math.min(y0, y)];
    [x1, y1] = [Math.max(x1, x), Math.max(y1, y)];
  }
  return { x0, y0, x1, y1 };
}

/** Prompts and aids as rectangles on the canvas, which the shader turns into shapes. */
import type { Box, Point } from '../geometry/types';
import type { Frame } from './gl';
import type { Scene } from './scene';

const KIND = {
  ...{ positive: 0, negative: 1, box: 2, draggedBox: 3, crosshair: 4 },
  ...{ vertex: 5, activeVertex: 6, cursor: 7 },
} as const;

/** x0, y0, x1, y1 in canvas pixels, then the kind. */
export const MARK_VALUES = 5;
/** Room for the outlines of a mark around it, CSS pixels: as in its shader, and a pixel that the edge cuts. */
export const MARK_REACH = 4;

/** Half the size of a point's mark, CSS pixels. */
const POINT_REACH = 7;
const VERTEX_REACH = { plain: 4, active: 6.5 } as const;

type Mark = readonly [x0: number, y0: number, x1: number, y1: number, kind: number];

/** Every mark of the scene, the lowest first, as one array. */
export function markValues(scene: Scene, frame: Frame): Float32Array {
  const boxes = scene.marks.flatMap((mark) =>
    mark.kind === 'box' ? [boxMark(mark.box, KIND.box, frame)] : [],
  );
  const points = scene.marks.flatMap((mark) =>
    mark.kind === 'point' ? [pointMark(mark, mark.label ? KIND.positive : KIND.negative, frame)] : [],
  );
  const dragged = scene.dragBox ? [boxMark(scene.dragBox, KIND.draggedBox, frame)] : [];
  const marks = [...crosshairMarks(scene, frame), ...boxes, ...points, ...dragged];
  return Float32Array.from([...marks, ...vertexMarks(scene, frame), ...cursorMarks(scene, frame)].flat());
}

function boxMark({ x0, y0, x1, y1 }: Box, kind: number, { view }: Frame): Mark {
  const { scale } = view;
  return [x0 * scale + view.x, y0 * scale + view.y, x1 * scale + view.x, y1 * scale + view.y, kind];
}

function pointMark(point: Point, kind: number, frame: Frame): Mark {
  return markAround(point, POINT_REACH * frame.ratio, kind, frame);
}

/** `reach` is in canvas pixels. */
function markAround(point: Point, reach: number, kind: number, { view }: Frame): Mark {
  const [x, y] = [point.x * view.scale + view.x, point.y * view.scale + view.y];
  return [x - reach, y - reach, x + reach, y + reach, kind];
}

/** The vertex in hand comes last, over its neighbours. */
function vertexMarks({ draft }: Scene, frame: Frame): readonly Mark[] {
  const rings = draft?.rings;
  if (!rings?.showsVertices) return [];
  const plain = rings.rings
    .flat()
    .map((vertex) => markAround(vertex, VERTEX_REACH.plain * frame.ratio, KIND.vertex, frame));
  const { ring, index } = rings.activeVertex ?? { ring: -1, index: -1 };
  const active = rings.rings[ring]?.[index];
  if (!active) return plain;
  return [...plain, markAround(active, VERTEX_REACH.active * frame.ratio, KIND.activeVertex, frame)];
}

/** The brush at its true size, but never too small to be seen. */
function cursorMarks({ cursor }: Scene, frame: Frame): readonly Mark[] {
  if (!cursor) return [];
  const reach = Math.max(cursor.radius * frame.view.scale, frame.ratio);
  return [markAround(cursor, reach, KIND.cursor, frame)];
}

/** Two lines across the canvas, one CSS pixel wide. */
function crosshairMarks({ crosshair }: Scene, { view, ratio, width, height }: Frame): readonly Mark[] {
  if (!crosshair) return [];
  const x = Math.floor(crosshair.x * view.scale + view.x);
  const y = Math.floor(crosshair.y * view.scale + view.y);
  return [
    [x, 0, x + ratio, height, KIND.crosshair],
    [0, y, width, y + ratio, KIND.crosshair],
  ];
}

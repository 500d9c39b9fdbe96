import type { Annotation } from '../../editor/model';
import { fullMaskOf, runsOf } from '../../geometry/fullMask';
import { combine } from '../../geometry/runs';

/** Mine with every pixel of theirs as well; its provenance says how many those were. */
export function united(mine: Annotation, theirs: Annotation): Annotation {
  const [height, width] = mine.mask.segmentation.size;
  const mask = fullMaskOf(combine(runsOf(mine.mask), runsOf(theirs.mask), 'union'), { width, height });
  const { provenance } = mine;
  const at_ms = provenance.source === 'import' ? 0 : Math.round(provenance.seconds * 1000);
  const merge = { kind: 'merge', pixels: mask.area - mine.mask.area, at_ms } as const;
  return { ...mine, mask, provenance: { ...provenance, edits: [...provenance.edits, merge] } };
}

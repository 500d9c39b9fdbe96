import { useEffect, useRef } from 'react';

import { colorOf } from '../../editor/color';
import type { Editor } from '../../editor/editor';
import type { Rung } from '../../editor/model';
import styles from './LadderPanel.module.css';
import { drawMaskThumb } from './maskThumb';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

interface LadderPanelProps {
  readonly editor: Editor;
}

const NAMES = { single: 'Single', whole: 'Whole', part: 'Part', subpart: 'Subpart' } as const;

/** The masks that the model offers for the prompts so far: whole, part, subpart. */
export function LadderPanel({ editor }: LadderPanelProps) {
  const making = useEditorPart(editor, (snapshot) => snapshot.making);
  const takesPoints = useEditorPart(editor, (snapshot) => snapshot.takesPoints);
  const color = useEditorPart(editor, ({ categories, categoryId }) =>
    colorOf({ id: null, categoryId }, categories),
  );
  const ladder = making?.ladder ?? [];
  return (
    <section className={panel.section} aria-label="Candidates">
      <h2 className={panel.heading}>
        Candidates <span>predicted IoU</span>
      </h2>
      <div role="radiogroup" aria-label="Candidate" className={styles.rungs}>
        {ladder.map((rung, index) => (
          <RungButton
            key={rung.name}
            rung={rung}
            color={color}
            isChosen={index === making?.chosen}
            onChoose={() => walkTo(editor, index)}
          />
        ))}
        {ladder.length === 0 && <p className={panel.hint}>{hint(making?.state, takesPoints)}</p>}
      </div>
    </section>
  );
}

function hint(state: string | undefined, takesPoints: boolean): string {
  if (state === undefined)
    return takesPoints ? 'Click an object, or drag a box around it.' : 'Drag a box around an object.';
  return state === 'failed' ? 'The model gave no mask.' : 'The model is at work…';
}

/** The ladder is a ring: walking on reaches every rung. */
function walkTo(editor: Editor, index: number): void {
  const { making } = editor.getSnapshot();
  const steps = making ? (index - making.chosen + making.ladder.length) % making.ladder.length : 0;
  for (let step = 0; step < steps; step++) editor.prompting.nextCandidate();
}

interface RungButtonProps {
  readonly rung: Rung;
  readonly color: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function RungButton({ rung, color, isChosen, onChoose }: RungButtonProps) {
  const thumb = useRef<HTMLCanvasElement>(null);
  const { candidate } = rung;
  useEffect(() => {
    if (thumb.current) drawMaskThumb(thumb.current, candidate, color);
  }, [candidate, color]);
  return (
    <button type="button" role="radio" aria-checked={isChosen} className={styles.rung} onClick={onChoose}>
      <canvas ref={thumb} aria-hidden />
      <span>{NAMES[rung.name]}</span>
      <data value={candidate.predictedIou}>{candidate.predictedIou.toFixed(2)}</data>
    </button>
  );
}

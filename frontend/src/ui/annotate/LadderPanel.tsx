import { useEffect, useRef } from 'react';

import { colorOf } from '../../editor/color';
import type { Editor } from '../../editor/editor';
import type { Rung } from '../../editor/model';
import { useTranslation } from '../../i18n';
import styles from './LadderPanel.module.css';
import { drawMaskThumb } from './maskThumb';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

interface LadderPanelProps {
  readonly editor: Editor;
}

/** The masks that the model offers for the prompts so far: whole, part, subpart. */
export function LadderPanel({ editor }: LadderPanelProps) {
  const { t } = useTranslation('annotate');
  const hint = useHint();
  const making = useEditorPart(editor, (snapshot) => snapshot.making);
  const takesPoints = useEditorPart(editor, (snapshot) => snapshot.takesPoints);
  const color = useEditorPart(editor, ({ categories, categoryId }) =>
    colorOf({ id: null, categoryId }, categories),
  );
  const ladder = making?.ladder ?? [];
  return (
    <section className={panel.section} aria-label={t('ladder.title')}>
      <h2 className={panel.heading}>
        {t('ladder.title')} <span>{t('ladder.predictedIou')}</span>
      </h2>
      <div role="radiogroup" aria-label={t('ladder.candidate')} className={styles.rungs}>
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

function useHint(): (state: string | undefined, takesPoints: boolean) => string {
  const { t } = useTranslation('annotate');
  return (state, takesPoints) => {
    if (state === undefined) return takesPoints ? t('ladder.hint') : t('ladder.hintBoxes');
    return state === 'failed' ? t('ladder.failed') : t('ladder.busy');
  };
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
  const { t } = useTranslation('annotate');
  const thumb = useRef<HTMLCanvasElement>(null);
  const { candidate } = rung;
  useEffect(() => {
    if (thumb.current) drawMaskThumb(thumb.current, candidate, color);
  }, [candidate, color]);
  return (
    <button type="button" role="radio" aria-checked={isChosen} className={styles.rung} onClick={onChoose}>
      <canvas ref={thumb} aria-hidden />
      <span>{t(`ladder.${rung.name}`)}</span>
      <data value={candidate.predictedIou}>{candidate.predictedIou.toFixed(2)}</data>
    </button>
  );
}

import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { Check, Copy, CopyCheck } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';

import { colorOf } from '../../editor/color';
import type { MakingView, Rung } from '../../editor/model';
import { shownIou } from '../../editor/score';
import type { Xywh } from '../../geometry/box';
import { useTranslation } from '../../i18n';
import type { Photo } from '../../render/photo';
import { useServices } from '../app/services';
import type { Sheet } from './desk';
import styles from './LadderPanel.module.css';
import { drawMaskThumb, frameOf } from './maskThumb';
import panel from './SidePanel.module.css';
import { useEditorPart } from './useEditorPart';

interface LadderPanelProps {
  readonly sheet: Sheet;
}

/** Of the pictures: as many pixels across as down, times this. */
const ASPECT = 4 / 3;

/** The masks that the model offers for the prompts so far: whole, part, subpart. Any of them can be kept beside the one shown. */
export function LadderPanel({ sheet }: LadderPanelProps) {
  const { t } = useTranslation('annotate');
  const { editor, image } = sheet;
  const hint = useHint();
  const making = useEditorPart(editor, (snapshot) => snapshot.making);
  const takesPoints = useEditorPart(editor, (snapshot) => snapshot.takesPoints);
  const ladder = making?.ladder ?? NO_RUNGS;
  const frame = useMemo(
    () =>
      frameOf(
        ladder.map(({ candidate }) => candidate),
        image,
        ASPECT,
      ),
    [ladder, image],
  );
  const look = { frame, photo: usePhoto(sheet), color: useColor(sheet) };
  return (
    <section className={panel.section} aria-label={t('ladder.title')}>
      <h2 className={panel.heading}>{t('ladder.title')}</h2>
      <RadioGroup
        className={styles.rungs}
        aria-label={t('ladder.candidate')}
        value={making?.chosen ?? -1}
        onValueChange={(index) => editor.prompting.chooseCandidate(index)}
      >
        {ladder.map((rung, index) => (
          <RungCard
            key={rung.name}
            {...{ rung, index, look }}
            isKept={isKept(making, rung)}
            onKeep={() => editor.prompting.toggleKept(rung.candidate.token)}
          />
        ))}
        {ladder.length === 0 && <p className={panel.hint}>{hint(making?.state, takesPoints)}</p>}
      </RadioGroup>
    </section>
  );
}

const NO_RUNGS: readonly Rung[] = [];

const isKept = (making: MakingView | null, rung: Rung): boolean =>
  making?.kept.some(({ candidate }) => candidate === rung.candidate) ?? false;

function useHint(): (state: string | undefined, takesPoints: boolean) => string {
  const { t } = useTranslation('annotate');
  return (state, takesPoints) => {
    if (state === undefined) return takesPoints ? t('ladder.hint') : t('ladder.hintBoxes');
    if (state === 'edited') return takesPoints ? t('ladder.edited') : t('ladder.hintBoxes');
    return state === 'failed' ? t('ladder.failed') : t('ladder.busy');
  };
}

function useColor({ editor }: Sheet): string {
  return useEditorPart(editor, ({ categories, categoryId }) => colorOf({ id: null, categoryId }, categories));
}

/** Null while it loads; the canvas says so where it cannot be shown. */
function usePhoto({ image }: Sheet): Photo | null {
  const { photos } = useServices();
  const [loaded, setLoaded] = useState<{ id: number; photo: Photo } | null>(null);
  useEffect(() => {
    let isWanted = true;
    photos.get(image).then(
      (photo) => isWanted && setLoaded({ id: image.id, photo }),
      () => undefined,
    );
    return () => void (isWanted = false);
  }, [photos, image]);
  return loaded?.id === image.id ? loaded.photo : null;
}

interface RungCardProps {
  readonly rung: Rung;
  readonly index: number;
  readonly look: { readonly frame: Xywh; readonly photo: Photo | null; readonly color: string };
  readonly isKept: boolean;
  readonly onKeep: () => void;
}

function RungCard({ rung: { name, candidate }, index, look, isKept, onKeep }: RungCardProps) {
  const { t } = useTranslation('annotate');
  const thumb = useRef<HTMLCanvasElement>(null);
  const { frame, photo, color } = look;
  useEffect(() => {
    if (thumb.current) drawMaskThumb(thumb.current, candidate, { frame, photo, color });
  }, [candidate, frame, photo, color]);
  const title = t(`ladder.${name}`);
  return (
    <div className={styles.rung}>
      <Radio.Root value={index} className={styles.choice}>
        <canvas ref={thumb} aria-hidden />
        <span className={styles.name}>
          <Radio.Indicator className={styles.mark}>
            <Check aria-hidden />
          </Radio.Indicator>
          {title}
        </span>
        <data value={candidate.predictedIou}>
          {t('ladder.iou', { value: shownIou(candidate.predictedIou) })}
        </data>
        <data value={candidate.stability}>{t('ladder.stability', { value: candidate.stability })}</data>
      </Radio.Root>
      <button
        type="button"
        className={styles.keep}
        aria-pressed={isKept}
        aria-label={t('ladder.keep', { name: title })}
        onClick={onKeep}
      >
        {isKept ? <CopyCheck aria-hidden /> : <Copy aria-hidden />}
        {t(isKept ? 'ladder.isKept' : 'ladder.isNotKept')}
      </button>
    </div>
  );
}

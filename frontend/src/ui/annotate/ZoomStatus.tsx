import { useEffect, useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import type { InferenceStatus } from '../../inference/types';
import { useServices } from '../app/services';
import type { Sheet } from './desk';
import { useSheetModel } from './useSheetModel';
import type { View } from './view';
import { followZoom, hasDetail, type Place } from './zoomFocus';
import styles from './ZoomStatus.module.css';

interface ZoomStatusProps {
  readonly sheet: Sheet;
  readonly view: View;
}

/** Which part of a large image the model looks at, and the switch for it. Nothing where an image has no more to show. */
export function ZoomStatus({ sheet, view }: ZoomStatusProps) {
  const { inference, preferences } = useServices();
  const { t } = useTranslation('annotate');
  const isOn = useSyncExternalStore(preferences.subscribe, () => preferences.get().zoom_embeddings);
  const inputSide = useSheetModel(sheet)?.input_side ?? sheet.model.input_side;
  const { id: imageId, width, height } = sheet.image;
  const isLarge = hasDetail(placeOf(imageId, width, height, inputSide));
  const focus = useSyncExternalStore(inference.subscribe, () => inference.getStatus().focus);

  useEffect(() => {
    if (!isOn || !isLarge) return undefined;
    return followZoom(view, inference, placeOf(imageId, width, height, inputSide));
  }, [isOn, isLarge, view, inference, imageId, width, height, inputSide]);

  if (!isLarge) return null;
  return (
    <>
      {focus && <FocusText focus={focus} />}
      <button
        type="button"
        className={styles.toggle}
        aria-pressed={isOn}
        title={t('zoom.hint')}
        onClick={() => preferences.set({ zoom_embeddings: !isOn })}
      >
        {t('zoom.toggle')}
      </button>
    </>
  );
}

function FocusText({ focus }: { readonly focus: NonNullable<InferenceStatus['focus']> }) {
  const { t } = useTranslation('annotate');
  const [, , width, height] = focus.crop;
  return (
    <span className={styles.text} data-state={focus.state}>
      {t(`zoom.${focus.state}`, { width, height })}
    </span>
  );
}

const placeOf = (imageId: number, width: number, height: number, inputSide: number): Place => ({
  imageId,
  imageSize: { width, height },
  inputSide,
});

import { useEffect, useMemo, useRef, type ReactNode } from 'react';

import type { Xywh } from '../../geometry/box';
import type { FullMask } from '../../geometry/decoding';
import { runsOf } from '../../geometry/fullMask';
import { areaOf, combine } from '../../geometry/runs';
import type { Size } from '../../geometry/types';
import { useTranslation } from '../../i18n';
import { drawLayers, layerOf, partToShow, sizeToShow, type Layer } from './conflictDrawing';
import styles from './Refusals.module.css';
import { usePhotoPart } from './usePhotoPart';

/** In CSS pixels. */
const PANE: Size = { width: 232, height: 200 };
const MINE = '#4d8dff';
const THEIRS = '#ff8a1f';
const BOTH = '#d8dde6';

interface ConflictPanesProps {
  readonly imageId: number;
  readonly mine: FullMask | null;
  readonly theirs: FullMask | null;
}

/** Both versions on the photo side by side, and where they differ. */
export function ConflictPanes({ imageId, mine, theirs }: ConflictPanesProps) {
  const { t } = useTranslation('durability');
  const masks = [mine, theirs].filter((mask) => mask !== null);
  const [height, width] = masks[0]?.segmentation.size ?? [1, 1];
  const imageSize = { width, height };
  const part = partToShow(masks, imageSize);
  const photo = usePhotoPart(imageId, part);
  const shared = { part, imageSize, photo: photo.data ?? null };
  return (
    <div className={styles.panes}>
      {mine && <Pane {...shared} title={t('conflict.mine')} layers={[layerOf(mine, MINE)]} />}
      {theirs && <Pane {...shared} title={t('conflict.theirs')} layers={[layerOf(theirs, THEIRS)]} />}
      {mine && theirs && <Difference {...shared} mine={mine} theirs={theirs} />}
      {photo.isError && <p className={styles.dim}>{t('conflict.photoMissing')}</p>}
    </div>
  );
}

interface Shared {
  readonly part: Xywh;
  readonly imageSize: Size;
  readonly photo: ImageBitmap | null;
}

type DifferenceProps = Shared & { readonly mine: FullMask; readonly theirs: FullMask };

function Difference({ mine, theirs, ...shared }: DifferenceProps) {
  const { t } = useTranslation('durability');
  const { onlyMine, onlyTheirs, both } = useMemo(() => {
    const [a, b] = [runsOf(mine), runsOf(theirs)];
    return {
      onlyMine: combine(a, b, 'difference'),
      onlyTheirs: combine(b, a, 'difference'),
      both: combine(a, b, 'intersection'),
    };
  }, [mine, theirs]);
  const layers: readonly Layer[] = [
    { runs: both, color: BOTH, stripes: 'none' },
    { runs: onlyMine, color: MINE, stripes: 'rising' },
    { runs: onlyTheirs, color: THEIRS, stripes: 'falling' },
  ];
  const [mineOnly, theirsOnly] = [areaOf(onlyMine), areaOf(onlyTheirs)];
  return (
    <Pane {...shared} title={t('conflict.difference')} layers={layers}>
      {mineOnly + theirsOnly === 0 ? (
        t('conflict.sameMask')
      ) : (
        <ul>
          <li data-of="mine">{t('conflict.onlyMine', { pixels: mineOnly })}</li>
          <li data-of="theirs">{t('conflict.onlyTheirs', { pixels: theirsOnly })}</li>
          <li>{t('conflict.both', { pixels: areaOf(both) })}</li>
        </ul>
      )}
    </Pane>
  );
}

type PaneProps = Shared & {
  readonly title: string;
  readonly layers: readonly Layer[];
  readonly children?: ReactNode;
};

function Pane({ title, layers, part, imageSize, photo, children }: PaneProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = sizeToShow(part, PANE);
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    context.fillStyle = '#30353f';
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    if (photo) context.drawImage(photo, 0, 0, context.canvas.width, context.canvas.height);
    drawLayers(context, layers, part, imageSize);
  });
  const density = Math.min(2, devicePixelRatio);
  return (
    <figure className={styles.pane}>
      <canvas
        ref={canvas}
        width={Math.round(size.width * density)}
        height={Math.round(size.height * density)}
        style={size}
        role="img"
        aria-label={title}
      />
      <figcaption>
        <strong>{title}</strong>
        {children}
      </figcaption>
    </figure>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { ImageOff } from 'lucide-react';

import type { ImageDetail } from '../../api/types';
import { useTranslation } from '../../i18n';
import { Button } from '../kit/Button';
import { DialogActions } from '../kit/Dialog';
import { imageQuery } from './queries';
import styles from './Refusals.module.css';
import { useServices } from './services';

interface DeletedImageProps {
  readonly imageId: number;
  /** Changes to it. */
  readonly count: number;
}

/** Nothing can be saved where there is no image: all that is left is to know, and to let go. */
export function DeletedImage({ imageId, count }: DeletedImageProps) {
  const { t } = useTranslation('durability');
  const { desk } = useServices();
  const known = useQueryClient().getQueryData<ImageDetail>(imageQuery(imageId).queryKey);
  return (
    <section className={styles.item}>
      <h3>
        <ImageOff aria-hidden /> {t('image.title', { image: known?.file_name ?? imageId })}
      </h3>
      <p>{t('image.text', { count })}</p>
      <DialogActions>
        <Button variant="danger" onClick={() => void desk.forget(imageId)}>
          {t('image.discard', { count })}
        </Button>
      </DialogActions>
    </section>
  );
}

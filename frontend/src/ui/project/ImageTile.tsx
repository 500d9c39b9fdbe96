import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';

import { deleteImage, thumbnailUrl } from '../../api/images';
import type { EmbeddingState, Image } from '../../api/types';
import { useTranslation } from '../../i18n';
import { projectQuery } from '../app/queries';
import { useServices } from '../app/services';
import { IconButton } from '../kit/Button';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { removeImage } from './imageCache';
import styles from './ImageTile.module.css';

export function ImageTile({ image }: { readonly image: Image }) {
  const [confirming, setConfirming] = useState(false);
  const removal = useRemoval(image);
  const { t } = useTranslation(['project', 'common']);
  const { id, project_id, file_name, width, height, annotation_count, embedding } = image;
  return (
    <li className={styles.tile}>
      <Link href={`/projects/${project_id}/images/${id}`} className={styles.link}>
        <div className={styles.picture}>
          <img src={thumbnailUrl(id)} alt="" loading="lazy" decoding="async" />
          <Badge state={embedding.state} error={embedding.error} />
        </div>
        <div className={styles.text}>
          <span className={styles.name} title={file_name}>
            {file_name}
          </span>
          <span className={styles.facts}>
            <span>
              {width} × {height}
            </span>
            <span data-some={annotation_count > 0}>{t('common:masks', { count: annotation_count })}</span>
          </span>
        </div>
      </Link>
      <div className={styles.remove}>
        <IconButton label={t('deleteNamed', { name: file_name })} onClick={() => setConfirming(true)}>
          <Trash2 />
        </IconButton>
      </div>
      {confirming && (
        <ConfirmRemoval
          image={image}
          onConfirm={() => removal.mutate()}
          onClose={() => setConfirming(false)}
        />
      )}
    </li>
  );
}

interface ConfirmRemovalProps {
  readonly image: Image;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function ConfirmRemoval({ image: { id, file_name, annotation_count }, ...answers }: ConfirmRemovalProps) {
  const { t } = useTranslation('project');
  const { outbox } = useServices();
  const { data: unsent = [] } = useQuery({
    queryKey: ['unsent', id],
    queryFn: () => outbox.ofImage(id),
    gcTime: 0,
  });
  return (
    <ConfirmDialog
      title={t('deleteImage.title', { name: file_name })}
      action={t('deleteImage.action')}
      {...answers}
    >
      {annotation_count > 0 ? t('deleteImage.text', { count: annotation_count }) : t('deleteImage.bare')}
      {unsent.length > 0 && ` ${t('deleteImage.unsent', { count: unsent.length })}`}
    </ConfirmDialog>
  );
}

function useRemoval({ id, project_id }: Image) {
  const queries = useQueryClient();
  const { desk, toasts } = useServices();
  return useMutation({
    mutationFn: async () => {
      await deleteImage(id);
      await desk.forget(id);
    },
    onSuccess: () => {
      removeImage(queries, project_id, id);
      void queries.invalidateQueries(projectQuery(project_id));
    },
    onError: (error) => toasts.bad({ key: 'project:imageStays', values: { reason: error } }),
  });
}

function Badge({
  state,
  error,
}: {
  readonly state: EmbeddingState;
  readonly error: string | null | undefined;
}) {
  const { t } = useTranslation('project');
  return (
    <span className={styles.badge} data-state={state} title={error ?? t(`embeddingHint.${state}`)}>
      <i aria-hidden />
      {t(`embedding.${state}`)}
    </span>
  );
}

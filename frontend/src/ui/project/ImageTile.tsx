import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';

import { deleteImage, thumbnailUrl } from '../../api/images';
import type { EmbeddingState, Image } from '../../api/types';
import { projectQuery } from '../app/queries';
import { useServices } from '../app/services';
import { IconButton } from '../kit/Button';
import { ConfirmDialog } from '../kit/ConfirmDialog';
import { count } from '../kit/text';
import { removeImage } from './imageCache';
import styles from './ImageTile.module.css';

export function ImageTile({ image }: { readonly image: Image }) {
  const [confirming, setConfirming] = useState(false);
  const removal = useRemoval(image);
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
            <span data-some={annotation_count > 0}>{count(annotation_count, 'mask')}</span>
          </span>
        </div>
      </Link>
      <div className={styles.remove}>
        <IconButton label={`Delete ${file_name}`} onClick={() => setConfirming(true)}>
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
  const { outbox } = useServices();
  const { data: unsent = [] } = useQuery({
    queryKey: ['unsent', id],
    queryFn: () => outbox.ofImage(id),
    gcTime: 0,
  });
  return (
    <ConfirmDialog title={`Delete ${file_name}?`} action="Delete the image" {...answers}>
      The image and its {count(annotation_count, 'mask')} are deleted for good.
      {unsent.length > 0 &&
        ` So ${unsent.length === 1 ? 'is' : 'are'} ${count(unsent.length, 'change')} that the server does not have yet.`}
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
    onError: (error) => toasts.bad(`The image is still there: ${error.message}`),
  });
}

const BADGES: Readonly<Record<EmbeddingState, { text: string; hint: string }>> = {
  none: { text: 'Not prepared', hint: 'Prepared for the model when you open it.' },
  queued: { text: 'Queued', hint: 'Waiting to be prepared for the model.' },
  running: { text: 'Preparing', hint: 'The model reads the image.' },
  ready: { text: 'Ready', hint: 'Prepared: the first click answers at once.' },
  failed: { text: 'Failed', hint: 'The model could not read the image. Open it to try again.' },
};

function Badge({
  state,
  error,
}: {
  readonly state: EmbeddingState;
  readonly error: string | null | undefined;
}) {
  const { text, hint } = BADGES[state];
  return (
    <span className={styles.badge} data-state={state} title={error ?? hint}>
      <i aria-hidden />
      {text}
    </span>
  );
}

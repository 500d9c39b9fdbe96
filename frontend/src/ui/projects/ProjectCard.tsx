import { Images } from 'lucide-react';
import { Link } from 'wouter';

import { thumbnailUrl } from '../../api/images';
import type { Project } from '../../api/types';
import { useTranslation } from '../../i18n';
import styles from './ProjectCard.module.css';

export function ProjectCard({ project }: { readonly project: Project }) {
  const { t } = useTranslation(['projects', 'common']);
  const { id, name, image_count, annotation_count, embedded_count, categories } = project;
  return (
    <Link href={`/projects/${id}`} className={styles.card}>
      <Cover imageIds={project.cover_image_ids} />
      <div className={styles.text}>
        <h2>{name}</h2>
        <p>
          {t('common:images', { count: image_count })} · {t('common:masks', { count: annotation_count })}
        </p>
        <p className={styles.foot}>
          <span className={styles.dots} aria-hidden>
            {categories.slice(0, 8).map((category) => (
              <i key={category.id} style={{ background: category.color }} />
            ))}
          </span>
          {embedded_count < image_count && t('prepared', { done: embedded_count, count: image_count })}
        </p>
      </div>
    </Link>
  );
}

/** Up to four images: one fills the cover, more share it. */
function Cover({ imageIds }: { readonly imageIds: readonly number[] }) {
  if (imageIds.length === 0) {
    return (
      <div className={styles.empty}>
        <Images aria-hidden />
      </div>
    );
  }
  return (
    <div className={styles.cover} data-count={imageIds.length}>
      {imageIds.map((id) => (
        <img key={id} src={thumbnailUrl(id)} alt="" loading="lazy" decoding="async" />
      ))}
    </div>
  );
}

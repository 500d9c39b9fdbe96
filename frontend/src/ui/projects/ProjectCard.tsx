import { Images } from 'lucide-react';
import { Link } from 'wouter';

import { thumbnailUrl } from '../../api/images';
import type { Project } from '../../api/types';
import { count } from '../kit/text';
import styles from './ProjectCard.module.css';

export function ProjectCard({ project }: { readonly project: Project }) {
  const { id, name, image_count, annotation_count, embedded_count, categories } = project;
  return (
    <Link href={`/projects/${id}`} className={styles.card}>
      <Cover imageIds={project.cover_image_ids} />
      <div className={styles.text}>
        <h2>{name}</h2>
        <p>
          {count(image_count, 'image')} · {count(annotation_count, 'mask')}
        </p>
        <p className={styles.foot}>
          <span className={styles.dots} aria-hidden>
            {categories.slice(0, 8).map((category) => (
              <i key={category.id} style={{ background: category.color }} />
            ))}
          </span>
          {embedded_count < image_count && `${embedded_count} of ${image_count} prepared`}
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

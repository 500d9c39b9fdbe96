import { useInfiniteQuery } from '@tanstack/react-query';
import { ImagePlus } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';

import { useTranslation } from '../../i18n';
import { LoadError } from '../app/LoadError';
import { imagesQuery } from '../app/queries';
import { Notice } from '../kit/Notice';
import { Skeleton } from '../kit/Skeleton';
import styles from './ImageGrid.module.css';
import { ImageTile } from './ImageTile';
import { useKeptScroll } from './useKeptScroll';

interface ImageGridProps {
  readonly projectId: number;
  readonly uploadButton: ReactNode;
}

/** Pages arrive as they are scrolled to; tiles out of sight cost no layout and no paint (content-visibility). */
export function ImageGrid({ projectId, uploadButton }: ImageGridProps) {
  const { t } = useTranslation('project');
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(imagesQuery(projectId));
  const grid = useRef<HTMLUListElement>(null);
  useKeptScroll(grid, projectId, data !== undefined);
  if (error && !data)
    return <LoadError title={t('imagesUnreadable')} error={error} onRetry={() => void refetch()} />;
  const images = data?.pages.flatMap((page) => page.items);
  if (images?.length === 0) {
    return (
      <Notice icon={<ImagePlus />} title={t('emptyTitle')} action={uploadButton}>
        {t('empty')}
      </Notice>
    );
  }
  return (
    <ul ref={grid} className={styles.grid} aria-label={t('images')} aria-busy={!data}>
      {images?.map((image) => <ImageTile key={image.id} image={image} />) ?? (
        <Skeleton count={12} className={styles.skeleton} />
      )}
      {hasNextPage && <MoreWhenSeen onSeen={() => void fetchNextPage({ cancelRefetch: false })} />}
    </ul>
  );
}

/** Asks for the next page a screenful before its place is reached. */
function MoreWhenSeen({ onSeen }: { readonly onSeen: () => void }) {
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), {
      rootMargin: '100% 0px',
    });
    if (ref.current) watch.observe(ref.current);
    return () => watch.disconnect();
  });
  return (
    <li ref={ref}>
      <Skeleton count={1} className={styles.skeleton} />
    </li>
  );
}

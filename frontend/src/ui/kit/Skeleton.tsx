import { cx } from './cx';
import styles from './Skeleton.module.css';

/** Grey boxes in the shape of what is coming. */
export function Skeleton({
  count,
  className,
}: {
  readonly count: number;
  readonly className?: string | undefined;
}) {
  return Array.from({ length: count }, (_, index) => (
    <div key={index} aria-hidden className={cx(styles.skeleton, className)} />
  ));
}

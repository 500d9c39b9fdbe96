import styles from './Swatch.module.css';

/** How many patterns Swatch.module.css has. */
const PATTERNS = 6;

interface SwatchProps {
  /** `#rrggbb`; null: what has no category. */
  readonly color: string | null;
  /** Place of the category in the project: chooses the pattern, so that colours are told apart without seeing them. */
  readonly place?: number;
}

/** The colour of a category, or of a mask, with the pattern of its category; its name stands beside it. */
export function Swatch({ color, place = 0 }: SwatchProps) {
  return (
    <i
      className={styles.swatch}
      style={color === null ? undefined : { backgroundColor: color }}
      data-pattern={color === null ? 'none' : Math.max(0, place) % PATTERNS}
      aria-hidden
    />
  );
}

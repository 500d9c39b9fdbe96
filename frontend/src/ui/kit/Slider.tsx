import { NumberField } from '@base-ui/react/number-field';
import { Slider as Primitive } from '@base-ui/react/slider';

import { useLanguage } from '../../i18n';
import { cx } from './cx';
import styles from './Slider.module.css';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** How the number is written, as in `{ style: 'percent' }`. */
  readonly format?: Intl.NumberFormatOptions;
  readonly disabled?: boolean;
  /** Label, track and number side by side, for bars; else the track lies below. */
  readonly inline?: boolean;
  /** Every value on the way. */
  readonly onChange: (value: number) => void;
  /** The value at the end of a drag or a key: what is worth saving. */
  readonly onCommit?: (value: number) => void;
}

/** A number between two ends: dragged, stepped by arrows (Page keys take ten steps), or typed. */
export function Slider({
  label,
  format,
  onChange,
  onCommit,
  disabled = false,
  inline = false,
  step = 1,
  ...range
}: SliderProps) {
  const locale = useLanguage();
  const change = (value: number | null) => value !== null && onChange(value);
  const commit = (value: number | null) => value !== null && onCommit?.(value);
  const shared = { ...range, step, largeStep: step * 10, disabled, locale, ...(format && { format }) };
  return (
    <Primitive.Root
      {...shared}
      className={cx(styles.root, inline && styles.inline)}
      onValueChange={change}
      onValueCommitted={commit}
    >
      <Primitive.Label className={styles.label}>{label}</Primitive.Label>
      <NumberField.Root {...shared} onValueChange={change} onValueCommitted={commit}>
        <NumberField.Input className={styles.number} aria-label={label} />
      </NumberField.Root>
      <Primitive.Control className={styles.control}>
        <Primitive.Track className={styles.track}>
          <Primitive.Indicator className={styles.indicator} />
          <Primitive.Thumb className={styles.thumb} />
        </Primitive.Track>
      </Primitive.Control>
    </Primitive.Root>
  );
}

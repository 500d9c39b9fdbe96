import { Slider as Primitive } from '@base-ui/react/slider';

import { useLanguage } from '../../i18n';
import styles from './Slider.module.css';

export type Range = readonly [number, number];

interface RangeSliderProps {
  readonly label: string;
  /** Accessible names of the two thumbs. */
  readonly ends: readonly [string, string];
  readonly value: Range;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly format?: Intl.NumberFormatOptions;
  readonly onChange: (value: Range) => void;
}

/** From one number to another: two thumbs that do not pass each other. */
export function RangeSlider({ label, ends, value, format, onChange, ...range }: RangeSliderProps) {
  const locale = useLanguage();
  const change = (next: number | readonly number[]) => {
    const [least = range.min, greatest = range.max] = Array.isArray(next) ? (next as readonly number[]) : [];
    onChange([least, greatest]);
  };
  return (
    <Primitive.Root
      {...range}
      {...(format && { format })}
      largeStep={range.step * 10}
      locale={locale}
      className={styles.root}
      value={value}
      onValueChange={change}
    >
      <Primitive.Label className={styles.label}>{label}</Primitive.Label>
      <Primitive.Value className={styles.range} />
      <Primitive.Control className={styles.control}>
        <Primitive.Track className={styles.track}>
          <Primitive.Indicator className={styles.indicator} />
          {ends.map((end, index) => (
            <Primitive.Thumb key={end} index={index} className={styles.thumb} getAriaLabel={() => end} />
          ))}
        </Primitive.Track>
      </Primitive.Control>
    </Primitive.Root>
  );
}

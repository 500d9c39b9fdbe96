import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import type { ReactNode } from 'react';

import type { Option } from './options';
import styles from './SegmentedControl.module.css';
import { Tooltip } from './Tooltip';

export interface Segment<Value extends string> extends Option<Value> {
  /** Stands for the label, which becomes the tooltip. */
  readonly icon?: ReactNode;
  readonly shortcut?: string | undefined;
}

interface SegmentedControlProps<Value extends string> {
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of two to five, all in sight: radio buttons in a row. */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>) {
  const { label, segments, value, disabled = false, onChange } = props;
  return (
    <RadioGroup
      className={styles.group}
      aria-label={label}
      value={value}
      disabled={disabled}
      onValueChange={(chosen) => onChange(chosen)}
    >
      {segments.map((segment) => (
        <SegmentRadio key={segment.value} segment={segment} />
      ))}
    </RadioGroup>
  );
}

function SegmentRadio<Value extends string>({ segment }: { readonly segment: Segment<Value> }) {
  const { value, label, icon, shortcut } = segment;
  const radio = (
    <Radio.Root value={value} className={styles.segment} aria-label={label}>
      {icon ?? label}
    </Radio.Root>
  );
  if (!icon && !shortcut) return radio;
  return (
    <Tooltip label={label} shortcut={shortcut}>
      {radio}
    </Tooltip>
  );
}

import { Switch as Primitive } from '@base-ui/react/switch';

import styles from './Switch.module.css';

interface SwitchProps {
  readonly label: string;
  /** What follows from it. */
  readonly detail?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** On or off, at once. */
export function Switch({ label, detail, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <label className={styles.row}>
      <span>
        {label}
        {detail && <small>{detail}</small>}
      </span>
      <Primitive.Root
        className={styles.switch}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(on) => onChange(on)}
      >
        <Primitive.Thumb className={styles.thumb} />
      </Primitive.Root>
    </label>
  );
}

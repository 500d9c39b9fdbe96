import type { ReactNode } from 'react';

import styles from './Chip.module.css';

interface ChipProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly pressed: boolean;
  readonly onPress: () => void;
}

/** One of several that can be on at the same time. */
export function Chip({ label, icon, pressed, onPress }: ChipProps) {
  return (
    <button type="button" className={styles.chip} aria-pressed={pressed} onClick={onPress}>
      {icon}
      {label}
    </button>
  );
}

export function ChipGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className={styles.group}>
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}

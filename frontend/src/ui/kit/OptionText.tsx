import type { Option } from './options';
import styles from './popup.module.css';

/** A choice as a list shows it: swatch, label, second line. */
export function OptionText({ option }: { readonly option: Option }) {
  return (
    <>
      {option.color && <i className={styles.swatch} style={{ background: option.color }} />}
      <span className={styles.text}>
        {option.label}
        {option.detail && <small>{option.detail}</small>}
      </span>
    </>
  );
}

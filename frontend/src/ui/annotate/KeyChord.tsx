import styles from './KeyChord.module.css';
import { keyNames } from './keyLabel';

/** A chord as keys on a keyboard. */
export function KeyChord({ chord }: { readonly chord: string }) {
  return (
    <span className={styles.chord}>
      {keyNames(chord).map((name) => (
        <kbd key={name}>{name}</kbd>
      ))}
    </span>
  );
}

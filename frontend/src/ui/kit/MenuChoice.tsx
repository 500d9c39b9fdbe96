import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';

import type { Option } from './options';
import { OptionText } from './OptionText';
import styles from './popup.module.css';

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** Inside a Menu: one of several under a heading, the current one ticked. The menu stays open to show what changes. */
export function MenuChoice<Value extends string>({
  label,
  options,
  value,
  onChange,
}: MenuChoiceProps<Value>) {
  return (
    <Menu.RadioGroup value={value} onValueChange={(chosen: Value) => onChange(chosen)}>
      <Menu.GroupLabel className={styles.group}>{label}</Menu.GroupLabel>
      {options.map((option) => (
        <Menu.RadioItem key={option.value} value={option.value} className={styles.item}>
          <span className={styles.check}>
            <Menu.RadioItemIndicator>
              <Check aria-hidden />
            </Menu.RadioItemIndicator>
          </span>
          <OptionText option={option} />
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

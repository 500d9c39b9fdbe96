import { Select as Primitive } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';

import { cx } from './cx';
import type { Option } from './options';
import { OptionText } from './OptionText';
import popup from './popup.module.css';

interface SelectProps<Value extends string> {
  readonly label: string;
  /** The label names the field, but is not shown. */
  readonly hideLabel?: boolean;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a short list. A long one is better served by a Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hideLabel = false, options, value, disabled = false, onChange } = props;
  const chosen = options.find((option) => option.value === value);
  return (
    <Primitive.Root
      items={options}
      value={value}
      disabled={disabled}
      modal={false}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <div className={popup.field}>
        <Primitive.Label className={hideLabel ? 'visually-hidden' : popup.label}>{label}</Primitive.Label>
        <Primitive.Trigger className={popup.trigger}>
          {chosen?.color && <i className={popup.swatch} style={{ background: chosen.color }} />}
          <Primitive.Value className={popup.value} />
          <ChevronsUpDown aria-hidden />
        </Primitive.Trigger>
      </div>
      <Primitive.Portal>
        <Primitive.Positioner
          className={popup.positioner}
          align="start"
          sideOffset={4}
          alignItemWithTrigger={false}
        >
          <Primitive.Popup className={cx(popup.popup, popup.list)} data-popup>
            <Primitive.List>
              {options.map((option) => (
                <Primitive.Item key={option.value} value={option.value} className={popup.item}>
                  <span className={popup.check}>
                    <Primitive.ItemIndicator>
                      <Check aria-hidden />
                    </Primitive.ItemIndicator>
                  </span>
                  <OptionText option={option} />
                </Primitive.Item>
              ))}
            </Primitive.List>
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

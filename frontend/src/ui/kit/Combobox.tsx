import { Combobox as Primitive } from '@base-ui/react/combobox';
import { ChevronsUpDown } from 'lucide-react';
import { useId } from 'react';

import { useTranslation } from '../../i18n';
import { cx } from './cx';
import type { Option } from './options';
import { OptionText } from './OptionText';
import popup from './popup.module.css';

interface ComboboxProps<Value extends string> {
  readonly label: string;
  /** The label names the field, but is not shown. */
  readonly hideLabel?: boolean;
  readonly options: readonly Option<Value>[];
  readonly value: Value | null;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: Value) => void;
}

/** One of a long list, found by typing a part of its name. */
export function Combobox<Value extends string>(props: ComboboxProps<Value>) {
  const { label, hideLabel = false, options, value, placeholder, disabled = false, onChange } = props;
  const { t } = useTranslation('common');
  const id = useId();
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <Primitive.Root<Option<Value>>
      items={options}
      value={chosen}
      disabled={disabled}
      autoHighlight
      isItemEqualToValue={(a, b) => a.value === b.value}
      onValueChange={(option) => option && onChange(option.value)}
    >
      <div className={popup.field}>
        <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
          {label}
        </label>
        <Primitive.InputGroup className={popup.trigger}>
          {chosen?.color && <i className={popup.swatch} style={{ background: chosen.color }} />}
          <Primitive.Input id={id} placeholder={placeholder} />
          <Primitive.Trigger aria-label={t('showAll')} tabIndex={-1}>
            <ChevronsUpDown aria-hidden />
          </Primitive.Trigger>
        </Primitive.InputGroup>
      </div>
      <Primitive.Portal>
        <Primitive.Positioner className={popup.positioner} align="start" sideOffset={4}>
          <Primitive.Popup className={cx(popup.popup, popup.list)} data-popup>
            <Primitive.Empty className={popup.empty}>{t('noMatch')}</Primitive.Empty>
            <Primitive.List>
              {(option: Option<Value>) => (
                <Primitive.Item key={option.value} value={option} className={popup.item}>
                  <OptionText option={option} />
                </Primitive.Item>
              )}
            </Primitive.List>
          </Primitive.Popup>
        </Primitive.Positioner>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

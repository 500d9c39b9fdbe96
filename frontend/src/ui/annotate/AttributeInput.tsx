import { Checkbox } from '@base-ui/react/checkbox';
import { NumberField } from '@base-ui/react/number-field';
import { Check, Minus } from 'lucide-react';
import { useId, useState } from 'react';

import type { AttributeDef, AttributeValue } from '../../editor/model';
import { useLanguage, useTranslation } from '../../i18n';
import { Select } from '../kit/Select';
import type { Said } from './attributeFields';
import styles from './AttributesPanel.module.css';

interface InputProps<Definition = AttributeDef> {
  readonly definition: Definition;
  readonly said: Said;
  readonly disabled: boolean;
  /** Null takes the value away. */
  readonly onChange: (value: AttributeValue | null) => void;
}

type Of<Kind extends AttributeDef['kind']> = InputProps<AttributeDef & { kind: Kind }>;

export function AttributeInput({ definition, ...rest }: InputProps) {
  switch (definition.kind) {
    case 'text':
      return <TextInput definition={definition} {...rest} />;
    case 'number':
      return <NumberInput definition={definition} {...rest} />;
    case 'choice':
      return <ChoiceInput definition={definition} {...rest} />;
    case 'checkbox':
      return <CheckboxInput definition={definition} {...rest} />;
  }
}

const valueOf = (said: Said): AttributeValue | null => (said.isMixed ? null : said.value);

/** Kept when the field is left, or by Enter. */
function TextInput({ definition: { name }, said, disabled, onChange }: Of<'text'>) {
  const { t } = useTranslation('objects');
  const id = useId();
  const value = String(valueOf(said) ?? '');
  const [draft, setDraft] = useDraft(value);
  const keep = () => {
    if (draft !== value) onChange(draft.trim() || null);
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        className={styles.input}
        value={draft}
        maxLength={1000}
        disabled={disabled}
        placeholder={said.isMixed ? t('attributes.mixed') : ''}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={keep}
        onKeyDown={({ key }) => key === 'Enter' && keep()}
      />
    </div>
  );
}

/** What is typed, until the value changes elsewhere: by undo, say. */
function useDraft(value: string): [string, (draft: string) => void] {
  const [draft, setDraft] = useState({ of: value, text: value });
  return [draft.of === value ? draft.text : value, (text) => setDraft({ of: value, text })];
}

/** What lies beyond the bounds becomes the nearest bound. */
function NumberInput({ definition, said, disabled, onChange }: Of<'number'>) {
  const { t } = useTranslation('objects');
  const locale = useLanguage();
  const id = useId();
  const { name, minimum, maximum } = definition;
  const value = valueOf(said);
  return (
    <NumberField.Root
      id={id}
      className={styles.field}
      value={typeof value === 'number' ? value : null}
      {...(typeof minimum === 'number' && { min: minimum })}
      {...(typeof maximum === 'number' && { max: maximum })}
      format={{ maximumFractionDigits: 6 }}
      {...{ locale, disabled }}
      onValueCommitted={onChange}
    >
      <label htmlFor={id}>{name}</label>
      <NumberField.Input
        className={styles.input}
        placeholder={said.isMixed ? t('attributes.mixed') : boundsText(minimum, maximum)}
      />
    </NumberField.Root>
  );
}

const boundsText = (minimum?: number | null, maximum?: number | null): string =>
  typeof minimum === 'number' || typeof maximum === 'number' ? `${minimum ?? ''} – ${maximum ?? ''}` : '';

/** Choices are told from the two other entries by the sign before them. */
const NOT_SET = 'none';
const MIXED = 'mixed';

function ChoiceInput({ definition: { name, choices }, said, disabled, onChange }: Of<'choice'>) {
  const { t } = useTranslation('objects');
  const value = valueOf(said);
  const options = [
    { value: NOT_SET, label: t('attributes.notSet') },
    ...(said.isMixed ? [{ value: MIXED, label: t('attributes.mixed') }] : []),
    ...choices.map((choice) => ({ value: `=${choice}`, label: choice })),
  ];
  const change = (next: string) => {
    if (next !== MIXED) onChange(next === NOT_SET ? null : next.slice(1));
  };
  return (
    <div className={styles.field}>
      <span aria-hidden>{name}</span>
      <Select
        label={name}
        hideLabel
        options={options}
        value={said.isMixed ? MIXED : value === null ? NOT_SET : `=${value}`}
        disabled={disabled}
        onChange={change}
      />
    </div>
  );
}

function CheckboxInput({ definition: { name }, said, disabled, onChange }: Of<'checkbox'>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{name}</label>
      <Checkbox.Root
        id={id}
        className={styles.box}
        checked={valueOf(said) === true}
        indeterminate={said.isMixed}
        disabled={disabled}
        onCheckedChange={(checked) => onChange(checked)}
      >
        <Checkbox.Indicator keepMounted>
          {said.isMixed ? <Minus aria-hidden /> : <Check aria-hidden />}
        </Checkbox.Indicator>
      </Checkbox.Root>
    </div>
  );
}

import { ListFilter } from 'lucide-react';

import type { Editor } from '../../editor/editor';
import type { Category } from '../../editor/model';
import { useTranslation } from '../../i18n';
import { Button, IconButton } from '../kit/Button';
import { Chip, ChipGroup } from '../kit/Chip';
import { Popover } from '../kit/Popover';
import { RangeSlider } from '../kit/RangeSlider';
import { Switch } from '../kit/Switch';
import { EVERYTHING, isFiltering, type ObjectFilter, type ObjectState, type Source } from './objectFilter';
import styles from './ObjectList.module.css';
import { Swatch } from './Swatch';
import { useEditorPart } from './useEditorPart';
import type { ListView } from './useListing';

const SOURCES: readonly Source[] = ['model', 'manual', 'import'];
const STATES: readonly ObjectState[] = ['unsaved', 'refused', 'conflict', 'hidden', 'locked'];
const TWO_DIGITS: Intl.NumberFormatOptions = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

interface ObjectFilterMenuProps {
  readonly editor: Editor;
  readonly view: ListView;
  readonly onView: (changes: Partial<ListView>) => void;
}

/** Which masks the list shows, and whether the canvas shows the others. */
export function ObjectFilterMenu({ editor, view, onView }: ObjectFilterMenuProps) {
  const { t } = useTranslation('objects');
  const { filter, drawsListedOnly } = view;
  const change = (changes: Partial<ObjectFilter>) => onView({ filter: { ...filter, ...changes } });
  return (
    <Popover
      title={t('filter.title')}
      align="end"
      trigger={
        <IconButton label={t('filter.title')} data-filtering={isFiltering(filter)} className={styles.filter}>
          <ListFilter aria-hidden />
        </IconButton>
      }
    >
      <div className={styles.filters}>
        <CategoryChips editor={editor} filter={filter} onChange={change} />
        <Chips
          label={t('filter.source')}
          options={SOURCES.map((value) => ({ value, label: t(`sources.${value}`) }))}
          chosen={filter.sources}
          onChange={(sources) => change({ sources })}
        />
        <Chips
          label={t('filter.state')}
          options={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          chosen={filter.states}
          onChange={(states) => change({ states })}
        />
        <RangeSlider
          label={t('score')}
          ends={[t('filter.leastScore'), t('filter.greatestScore')]}
          value={filter.score}
          {...{ min: 0, max: 1, step: 0.01 }}
          format={TWO_DIGITS}
          onChange={(score) => change({ score })}
        />
        <Switch
          label={t('filter.canvas')}
          checked={drawsListedOnly}
          onChange={(checked) => onView({ drawsListedOnly: checked })}
        />
        <Button disabled={!isFiltering(filter)} onClick={() => change(EVERYTHING)}>
          {t('filter.clear')}
        </Button>
      </div>
    </Popover>
  );
}

interface ChipsProps<Value> {
  readonly label: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
}

function Chips<Value extends string>({ label, options, chosen, onChange }: ChipsProps<Value>) {
  return (
    <ChipGroup label={label}>
      {options.map((option) => (
        <Chip
          key={option.value}
          label={option.label}
          pressed={chosen.includes(option.value)}
          onPress={() => onChange(toggled(chosen, option.value))}
        />
      ))}
    </ChipGroup>
  );
}

interface CategoryChipsProps {
  readonly editor: Editor;
  readonly filter: ObjectFilter;
  readonly onChange: (changes: Partial<ObjectFilter>) => void;
}

function CategoryChips({ editor, filter, onChange }: CategoryChipsProps) {
  const { t } = useTranslation(['objects', 'annotate']);
  const categories = useEditorPart(editor, (snapshot) => snapshot.categories);
  const none: Pick<Category, 'name'> & { id: null; color: null } = {
    ...{ id: null, color: null },
    name: t('annotate:noCategory'),
  };
  return (
    <ChipGroup label={t('filter.category')}>
      {[...categories, none].map(({ id, name, color }, place) => (
        <Chip
          key={id}
          label={name}
          icon={<Swatch color={color} place={place} />}
          pressed={filter.categories.includes(id)}
          onPress={() => onChange({ categories: toggled(filter.categories, id) })}
        />
      ))}
    </ChipGroup>
  );
}

function toggled<Value>(chosen: readonly Value[], value: Value): readonly Value[] {
  return chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
}

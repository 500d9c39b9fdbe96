import { ArrowDownUp } from 'lucide-react';

import { useTranslation } from '../../i18n';
import { IconButton } from '../kit/Button';
import { Menu, MenuSeparator } from '../kit/Menu';
import { MenuChoice } from '../kit/MenuChoice';
import type { Grouping, SortKey } from './objectRows';
import type { ListView } from './useListing';

const GROUPINGS: readonly Grouping[] = ['none', 'category', 'whole'];
const KEYS: readonly SortKey[] = ['number', 'category', 'area', 'score'];
const WAYS = ['ascending', 'descending'] as const;

interface ObjectOrderMenuProps {
  readonly view: ListView;
  readonly onView: (changes: Partial<ListView>) => void;
}

export function ObjectOrderMenu({ view, onView }: ObjectOrderMenuProps) {
  const { t } = useTranslation('objects');
  const { grouping, sortedBy, isDescending } = view;
  return (
    <Menu
      trigger={
        <IconButton label={t('order.label')}>
          <ArrowDownUp aria-hidden />
        </IconButton>
      }
    >
      <MenuChoice
        label={t('order.groups')}
        options={GROUPINGS.map((value) => ({ value, label: t(`order.grouping.${value}`) }))}
        value={grouping}
        onChange={(chosen) => onView({ grouping: chosen })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('order.sortBy')}
        options={KEYS.map((value) => ({ value, label: t(`order.keys.${value}`) }))}
        value={sortedBy}
        onChange={(chosen) => onView({ sortedBy: chosen })}
      />
      <MenuSeparator />
      <MenuChoice
        label={t('order.way')}
        options={WAYS.map((value) => ({ value, label: t(`order.${value}`) }))}
        value={isDescending ? 'descending' : 'ascending'}
        onChange={(way) => onView({ isDescending: way === 'descending' })}
      />
    </Menu>
  );
}

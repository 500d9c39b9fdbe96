import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState, useSyncExternalStore } from 'react';

import { useTranslation } from '../../i18n';
import { IconButton } from '../kit/Button';
import { Dialog } from '../kit/Dialog';
import { ConflictView } from './ConflictView';
import { DeletedImage } from './DeletedImage';
import { itemsOf, keyOf, placeOf, type RefusalItem } from './refusalItems';
import styles from './Refusals.module.css';
import { PlainRefusal } from './PlainRefusal';
import { useServices } from './services';

interface RefusalsDialogProps {
  /** Whose refusal is shown first. */
  readonly annotationId?: string;
  readonly onClose: () => void;
}

/** What the server refused for good, one after the other: each needs a decision, nothing is dropped by itself. */
export function RefusalsDialog({ annotationId, onClose }: RefusalsDialogProps) {
  const { t } = useTranslation('durability');
  const { outbox } = useServices();
  const { refusals } = useSyncExternalStore(outbox.subscribe, outbox.getState);
  const items = itemsOf(refusals);
  const [wanted, setWanted] = useState(() => placeOf(items, annotationId ?? null));
  const index = Math.min(wanted, items.length - 1);
  const item = items[index];
  return (
    <Dialog title={t('refusals.title')} onClose={onClose} wide>
      {items.length > 1 && <Pager index={index} count={items.length} onTurn={setWanted} />}
      {item ? <Item key={keyOf(item)} item={item} /> : <p role="status">{t('refusals.nothingLeft')}</p>}
    </Dialog>
  );
}

interface PagerProps {
  readonly index: number;
  readonly count: number;
  readonly onTurn: (index: number) => void;
}

function Pager({ index, count, onTurn }: PagerProps) {
  const { t } = useTranslation('durability');
  return (
    <nav className={styles.pager}>
      <IconButton label={t('refusals.previous')} disabled={index === 0} onClick={() => onTurn(index - 1)}>
        <ChevronLeft />
      </IconButton>
      <span role="status">{t('refusals.position', { index: index + 1, count })}</span>
      <IconButton label={t('refusals.next')} disabled={index === count - 1} onClick={() => onTurn(index + 1)}>
        <ChevronRight />
      </IconButton>
    </nav>
  );
}

function Item({ item }: { readonly item: RefusalItem }) {
  if (item.kind === 'image') return <DeletedImage imageId={item.imageId} count={item.count} />;
  const { refusal } = item;
  const isAboutMasks = refusal.kind === 'conflict' || refusal.kind === 'deleted';
  return isAboutMasks ? <ConflictView refusal={refusal} /> : <PlainRefusal refusal={refusal} />;
}

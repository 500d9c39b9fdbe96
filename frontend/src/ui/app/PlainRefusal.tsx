import { Tag, TriangleAlert } from 'lucide-react';
import { useState } from 'react';

import { useSay, useTranslation } from '../../i18n';
import type { Refusal } from '../../outbox/refusals';
import { newUuid } from '../../outbox/uuid';
import { Button } from '../kit/Button';
import { DialogActions } from '../kit/Dialog';
import { Select } from '../kit/Select';
import styles from './Refusals.module.css';
import { useDecide } from './useDecide';
import { useRefusedImage } from './useRefusedImage';

interface PlainRefusalProps {
  readonly refusal: Refusal;
}

/** A refusal that is not about somebody else's version: what the server says, and what can be done. */
export function PlainRefusal({ refusal }: PlainRefusalProps) {
  const { t } = useTranslation(['durability', 'common']);
  const say = useSay();
  const decide = useDecide(refusal);
  const { kind, rejection, entry, mine } = refusal;
  const { status, code, reason } = rejection;
  const isCategory = kind === 'category' && mine !== null;
  return (
    <section className={styles.item}>
      <h3>
        {isCategory ? <Tag aria-hidden /> : <TriangleAlert aria-hidden />}
        {isCategory ? t('category.title') : t(`other.${entry.mutation.kind}`)}
      </h3>
      <p>
        {isCategory
          ? t('category.text')
          : t('refusals.reason', { reason: say({ code, status, detail: reason }) })}
      </p>
      <Kept refusal={refusal} />
      {isCategory && <CategoryChoice refusal={refusal} />}
      <DialogActions>
        <Button variant="danger" onClick={() => decide({ kind: 'theirs' })}>
          {t('refusals.discard')}
        </Button>
        {code === 'annotation_exists' && (
          <Button onClick={() => decide({ kind: 'both', id: newUuid() })}>{t('refusals.saveAsNew')}</Button>
        )}
        {!isCategory && (
          <Button variant="primary" onClick={() => decide({ kind: 'retry' })}>
            {t('common:tryAgain')}
          </Button>
        )}
      </DialogActions>
    </section>
  );
}

export function Kept({ refusal: { followers } }: PlainRefusalProps) {
  const { t } = useTranslation('durability');
  return (
    <p className={styles.dim}>
      {t('refusals.kept')} {followers.length > 0 && t('refusals.followers', { count: followers.length })}
    </p>
  );
}

const NONE = 'none';

function CategoryChoice({ refusal }: PlainRefusalProps) {
  const { t } = useTranslation('durability');
  const decide = useDecide(refusal);
  const { categories } = useRefusedImage(refusal);
  const [chosen, setChosen] = useState(NONE);
  const options = [
    { value: NONE, label: t('conflict.noCategory') },
    ...categories.map(({ id, name, color }) => ({ value: String(id), label: name, color })),
  ];
  const store = () => {
    const { mine } = refusal;
    const categoryId = chosen === NONE ? null : Number(chosen);
    // What the old category asked about the mask means nothing to another one.
    if (mine) decide({ kind: 'mine', annotation: { ...mine, categoryId, attributes: {} } });
  };
  return (
    <div className={styles.choice}>
      <Select label={t('category.choose')} options={options} value={chosen} onChange={setChosen} />
      <Button variant="primary" onClick={store}>
        {t('category.store')}
      </Button>
    </div>
  );
}

import { GitCompareArrows, Trash2 } from 'lucide-react';

import { useTranslation } from '../../i18n';
import { changesOf, differences, type Decision, type Refusal } from '../../outbox/refusals';
import { newUuid } from '../../outbox/uuid';
import { Button } from '../kit/Button';
import { ConflictFacts } from './ConflictFacts';
import { ConflictPanes } from './ConflictPanes';
import { Kept } from './PlainRefusal';
import styles from './Refusals.module.css';
import { united } from './united';
import { useDecide } from './useDecide';
import { useRefusedImage } from './useRefusedImage';

interface ConflictViewProps {
  readonly refusal: Refusal;
}

/** Two versions of one mask, or mine of one that somebody else deleted: what each is, and which is to be. */
export function ConflictView({ refusal }: ConflictViewProps) {
  const { t } = useTranslation('durability');
  const { image, categories } = useRefusedImage(refusal);
  const { kind, mine, theirs } = refusal;
  const isDeleted = kind === 'deleted';
  const Icon = isDeleted ? Trash2 : GitCompareArrows;
  return (
    <section className={styles.item}>
      <h3>
        <Icon aria-hidden /> {isDeleted ? t('deleted.title') : t('conflict.title')}
        {image && <span className={styles.dim}>{t('conflict.onImage', { image: image.file_name })}</span>}
      </h3>
      {isDeleted && <p>{t('deleted.text')}</p>}
      {!isDeleted && mine === null && <p>{t('conflict.youDeleted')}</p>}
      <ConflictPanes
        imageId={refusal.entry.mutation.imageId}
        mine={mine?.mask ?? null}
        theirs={theirs?.annotation.mask ?? null}
      />
      {theirs && <ConflictFacts refusal={refusal} theirs={theirs} categories={categories} />}
      <Kept refusal={refusal} />
      {isDeleted ? <DeletedChoices refusal={refusal} /> : <Choices refusal={refusal} />}
    </section>
  );
}

function DeletedChoices({ refusal }: ConflictViewProps) {
  const { t } = useTranslation('durability');
  const decide = useDecide(refusal);
  return (
    <div className={styles.choices}>
      <Button variant="primary" disabled={!refusal.mine} onClick={() => decide({ kind: 'mine' })}>
        {t('deleted.keepMine')}
      </Button>
      <Button variant="danger" onClick={() => decide({ kind: 'theirs' })}>
        {t('deleted.letGo')}
      </Button>
    </div>
  );
}

interface Choice {
  readonly label: string;
  readonly hint?: string;
  readonly decision: Decision;
}

function Choices({ refusal }: ConflictViewProps) {
  const decide = useDecide(refusal);
  const choices = useChoices(refusal);
  return (
    <div className={styles.choices}>
      {choices.map(({ label, hint, decision }) => (
        <Button key={label} title={hint} onClick={() => decide(decision)}>
          {label}
        </Button>
      ))}
    </div>
  );
}

function useChoices(refusal: Refusal): readonly Choice[] {
  const { t } = useTranslation('durability');
  const { mine, theirs } = refusal;
  const keepTheirs: Choice = { label: t('conflict.keepTheirs'), decision: { kind: 'theirs' } };
  if (!mine) return [{ label: t('conflict.deleteAnyway'), decision: { kind: 'mine' } }, keepTheirs];
  const choices: Choice[] = [
    { label: t('conflict.keepMine'), decision: { kind: 'mine' } },
    keepTheirs,
    {
      label: t('conflict.keepBoth'),
      hint: t('conflict.keepBothHint'),
      decision: { kind: 'both', id: newUuid() },
    },
  ];
  if (!theirs) return choices;
  const differing = Object.keys(differences(mine, theirs.annotation)) as FieldName[];
  const changed = (Object.keys(changesOf(refusal)) as FieldName[]).filter((name) => differing.includes(name));
  if (changed.length > 0 && changed.length < differing.length) {
    const fields = changed.map((name) => t(`conflict.fields.${name}`)).join(', ');
    choices.push({
      label: t('conflict.combine'),
      hint: t('conflict.combineHint', { fields }),
      decision: { kind: 'combine' },
    });
  }
  if (differing.includes('mask')) {
    choices.push({
      label: t('conflict.unite'),
      hint: t('conflict.uniteHint'),
      decision: { kind: 'mine', annotation: united(mine, theirs.annotation) },
    });
  }
  return choices;
}

type FieldName = keyof ReturnType<typeof changesOf>;

import type { Category } from '../../api/types';
import type { Annotation, AttributeValue } from '../../editor/model';
import { useFormats, useTranslation } from '../../i18n';
import type { ServerCopy } from '../../outbox/entry';
import type { Refusal } from '../../outbox/refusals';
import styles from './Refusals.module.css';

interface ConflictFactsProps {
  readonly refusal: Refusal;
  readonly theirs: ServerCopy;
  readonly categories: readonly Category[];
}

interface Fact {
  readonly name: string;
  readonly mine: string;
  readonly theirs: string;
}

/** What the two versions say besides the mask, and when; what is the same is left out. */
export function ConflictFacts({ refusal, theirs, categories }: ConflictFactsProps) {
  const { t } = useTranslation('durability');
  const { date } = useFormats();
  const describe = useDescribe(categories);
  const { mine, entry, followers } = refusal;
  const { acceptedAt } = followers.at(-1) ?? entry;
  const here =
    acceptedAt === null
      ? t('conflict.hereSometime')
      : t('conflict.here', { date: date(new Date(acceptedAt)) });
  const facts = [
    ...factsOf(mine && describe(mine), describe(theirs.annotation)),
    {
      name: t('conflict.changed'),
      mine: here,
      theirs: t('conflict.elsewhere', { date: date(new Date(theirs.updatedAt)) }),
    },
  ];
  return (
    <table className={styles.facts}>
      <caption className="visually-hidden">{t('conflict.facts')}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('conflict.mine')}</th>
          <th scope="col">{t('conflict.theirs')}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={fact.name}>
            <th scope="row">{fact.name}</th>
            <td>{fact.mine}</td>
            <td>{fact.theirs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Described = ReadonlyMap<string, string>;

/** The rows that differ, of either version. */
function factsOf(mine: Described | null, theirs: Described): Fact[] {
  const names = new Set([...(mine?.keys() ?? []), ...theirs.keys()]);
  return [...names]
    .map((name) => ({ name, mine: mine?.get(name) ?? '–', theirs: theirs.get(name) ?? '–' }))
    .filter((fact) => fact.mine !== fact.theirs);
}

/** An annotation in words, by the name of what is said. */
function useDescribe(categories: readonly Category[]): (annotation: Annotation) => Described {
  const { t } = useTranslation('durability');
  const word = (value: AttributeValue) =>
    typeof value === 'boolean' ? t(value ? 'conflict.yes' : 'conflict.no') : String(value);
  return ({ categoryId, mask, layer, parentId, attributes }) =>
    new Map([
      [
        t('conflict.category'),
        categories.find(({ id }) => id === categoryId)?.name ?? t('conflict.noCategory'),
      ],
      [t('conflict.area'), t('conflict.areaPx', { pixels: mask.area })],
      [t('conflict.layer'), String(layer)],
      [t('conflict.wholeOf'), t(parentId === null ? 'conflict.no' : 'conflict.yes')],
      ...Object.entries(attributes).map(([name, value]) => [name, word(value)] as const),
    ]);
}

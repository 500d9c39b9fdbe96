import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';

import { changeProject } from '../../api/projects';
import type { ModelEntry, Project } from '../../api/types';
import { useFormats, useSay, useTranslation } from '../../i18n';
import type { Translate } from '../../i18n/message';
import { LoadError } from '../app/LoadError';
import { modelsQuery, projectQuery } from '../app/queries';
import { Button } from '../kit/Button';
import { consequences } from './modelChange';
import { pullStep } from './pullStep';
import styles from './ModelSection.module.css';

/** The models that the project can have: choosing one says what follows, one click does it. */
export function ModelSection({ project }: { readonly project: Project }) {
  const { t } = useTranslation('project');
  const { data: entries, error, refetch } = useQuery(modelsQuery(project.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const current = currentOf(project, entries);
  const selected = entries?.find(({ name }) => name === (chosen ?? project.next_model ?? current?.name));
  return (
    <section className={styles.section} aria-label={t('model.title')}>
      <h3>{t('model.title')}</h3>
      {error && !entries && (
        <LoadError title={t('model.unreadable')} error={error} onRetry={() => void refetch()} />
      )}
      <div role="radiogroup" aria-label={t('model.title')} className={styles.list} aria-busy={!entries}>
        {entries?.map((entry) => (
          <ModelOption
            key={entry.name}
            entry={entry}
            isCurrent={entry === current}
            isSelected={entry === selected}
            onSelect={() => setChosen(entry.name)}
          />
        ))}
      </div>
      {selected && <Change project={project} entry={selected} current={current} />}
    </section>
  );
}

const currentOf = ({ model }: Project, entries: readonly ModelEntry[] | undefined): ModelEntry | undefined =>
  entries?.find((entry) => (model === null ? entry.default : entry.name === model));

interface ModelOptionProps {
  readonly entry: ModelEntry;
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}

function ModelOption({ entry, isCurrent, isSelected, onSelect }: ModelOptionProps) {
  const { t } = useTranslation('project');
  const stateText = useStateText();
  const goodFor = useGoodFor();
  const { name, title, licence, prompts, state } = entry;
  return (
    <label className={styles.option} data-selected={isSelected}>
      <input type="radio" name="model" value={name} checked={isSelected} onChange={onSelect} />
      <span className={styles.text}>
        <span className={styles.title}>{title}</span>
        <span className={styles.good}>{goodFor(entry)}</span>
        <span className={styles.facts}>
          {licence}
          {!prompts.includes('point') && ` · ${t('model.boxesOnly')}`}
        </span>
      </span>
      <span className={styles.state} data-state={isCurrent ? 'current' : state}>
        {stateText(entry, isCurrent)}
      </span>
    </label>
  );
}

/** Models of the zoo are described in the language of the page, imported ones in the server's words. */
function useGoodFor(): (entry: ModelEntry) => string {
  const { t } = useTranslation('project');
  const describe = t as Translate;
  return ({ name, good_for }) =>
    describe(`model.goodFor.${name}`, { detail: good_for, defaultValue: good_for });
}

function useStateText(): (entry: ModelEntry, isCurrent: boolean) => string {
  const { t } = useTranslation('project');
  const { bytes, percent } = useFormats();
  return ({ state, size_bytes, progress }, isCurrent) => {
    if (isCurrent) return t(state === 'ready' ? 'model.inUse' : 'model.inUseMissing');
    switch (state) {
      case 'ready':
        return t('model.here');
      case 'pulling':
        return progress > 0
          ? t('model.downloadingShare', { share: percent(progress) })
          : t('model.downloading');
      case 'failed':
        return t('model.failed');
      case 'absent':
        return size_bytes === null ? t('model.notHere') : bytes(size_bytes);
    }
  };
}

interface ChangeProps {
  readonly project: Project;
  readonly entry: ModelEntry;
  readonly current: ModelEntry | undefined;
}

/** What can be done with the selected model, and what follows from it. */
function Change({ project, entry, current }: ChangeProps) {
  const { t } = useTranslation(['project', 'common']);
  const say = useSay();
  const downloadLabel = useDownloadLabel();
  const change = useModelChange(project.id);
  const use = (label: string) => (
    <Button
      variant="primary"
      icon={entry.state === 'ready' ? undefined : <Download />}
      disabled={change.isPending}
      onClick={() => change.mutate(entry.name)}
    >
      {label}
    </Button>
  );
  const isNext = project.next_model === entry.name;
  return (
    <div className={styles.change} role="status">
      {entry.state === 'pulling' && <PullProgress entry={entry} />}
      {entry.state === 'failed' && (
        <p className={styles.error}>{say({ code: 'pull_failed', detail: entry.error ?? '' })}</p>
      )}
      <p>{consequences(project, entry, current).map(say).join(' ')}</p>
      <div className={styles.actions}>
        {entry.state === 'failed' && use(t('common:tryAgain'))}
        {entry.state === 'absent' && use(downloadLabel(entry))}
        {entry.state === 'pulling' && !isNext && use(t('model.useWhenHere'))}
        {entry.state === 'ready' && entry !== current && use(t('model.use', { model: entry.title }))}
        {isNext && current && (
          <Button disabled={change.isPending} onClick={() => change.mutate(current.name)}>
            {t('model.stay', { model: current.title })}
          </Button>
        )}
      </div>
      {change.error && (
        <p role="alert" className={styles.error}>
          {say(change.error)}
        </p>
      )}
    </div>
  );
}

function useDownloadLabel(): (entry: ModelEntry) => string {
  const { t } = useTranslation('project');
  const { bytes } = useFormats();
  return ({ size_bytes }) =>
    size_bytes === null ? t('model.download') : t('model.downloadSize', { size: bytes(size_bytes) });
}

function PullProgress({ entry: { title, step, progress } }: { readonly entry: ModelEntry }) {
  const { t } = useTranslation('project');
  const say = useSay();
  return (
    <div className={styles.progress}>
      <progress
        aria-label={t('model.downloadingModel', { model: title })}
        {...(progress > 0 && { value: progress })}
      />
      <span>{say(pullStep(step))}</span>
    </div>
  );
}

function useModelChange(projectId: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (model: string) => changeProject(projectId, { model }),
    onSuccess: (changed) => {
      queries.setQueryData(projectQuery(projectId).queryKey, changed);
      void queries.invalidateQueries(modelsQuery(projectId));
    },
  });
}

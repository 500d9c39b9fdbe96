import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';

import { changeProject } from '../../api/projects';
import type { ModelEntry, Project } from '../../api/types';
import { LoadError } from '../app/LoadError';
import { modelsQuery, projectQuery } from '../app/queries';
import { Button } from '../kit/Button';
import { bytes } from '../kit/text';
import { consequences } from './modelChange';
import styles from './ModelSection.module.css';

/** The models that the project can have: choosing one says what follows, one click does it. */
export function ModelSection({ project }: { readonly project: Project }) {
  const { data: entries, error, refetch } = useQuery(modelsQuery(project.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const current = currentOf(project, entries);
  const selected = entries?.find(({ name }) => name === (chosen ?? project.next_model ?? current?.name));
  return (
    <section className={styles.section} aria-label="Model">
      <h3>Model</h3>
      {error && !entries && (
        <LoadError what="the list of models" error={error} onRetry={() => void refetch()} />
      )}
      <div role="radiogroup" aria-label="Model" className={styles.list} aria-busy={!entries}>
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
  const { name, title, good_for, licence, prompts, state } = entry;
  return (
    <label className={styles.option} data-selected={isSelected}>
      <input type="radio" name="model" value={name} checked={isSelected} onChange={onSelect} />
      <span className={styles.text}>
        <span className={styles.title}>{title}</span>
        <span className={styles.good}>{good_for}</span>
        <span className={styles.facts}>
          {licence}
          {!prompts.includes('point') && ' · Boxes only, no clicks'}
        </span>
      </span>
      <span className={styles.state} data-state={isCurrent ? 'current' : state}>
        {stateText(entry, isCurrent)}
      </span>
    </label>
  );
}

function stateText({ state, size_bytes, progress }: ModelEntry, isCurrent: boolean): string {
  if (isCurrent) return state === 'ready' ? 'In use' : 'In use, missing';
  switch (state) {
    case 'ready':
      return 'Here';
    case 'pulling':
      return progress > 0 ? `Downloading ${percent(progress)}` : 'Downloading';
    case 'failed':
      return 'Failed';
    case 'absent':
      return size_bytes === null ? 'Not here' : bytes(size_bytes);
  }
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

interface ChangeProps {
  readonly project: Project;
  readonly entry: ModelEntry;
  readonly current: ModelEntry | undefined;
}

/** What can be done with the selected model, and what follows from it. */
function Change({ project, entry, current }: ChangeProps) {
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
      {entry.state === 'failed' && <p className={styles.error}>{entry.error}</p>}
      <p>{consequences(project, entry, current)}</p>
      <div className={styles.actions}>
        {entry.state === 'failed' && use('Try again')}
        {entry.state === 'absent' && use(downloadLabel(entry))}
        {entry.state === 'pulling' && !isNext && use('Use when it is here')}
        {entry.state === 'ready' && entry !== current && use(`Use ${entry.title}`)}
        {isNext && current && (
          <Button disabled={change.isPending} onClick={() => change.mutate(current.name)}>
            Stay with {current.title}
          </Button>
        )}
      </div>
      {change.error && (
        <p role="alert" className={styles.error}>
          {change.error.message}
        </p>
      )}
    </div>
  );
}

const downloadLabel = ({ size_bytes }: ModelEntry) =>
  size_bytes === null ? 'Download and use' : `Download and use (${bytes(size_bytes)})`;

function PullProgress({ entry: { title, step, progress } }: { readonly entry: ModelEntry }) {
  return (
    <div className={styles.progress}>
      <progress aria-label={`Downloading ${title}`} {...(progress > 0 && { value: progress })} />
      <span>{step ?? 'Waiting for a worker'}</span>
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

import { Plus, Trash2 } from 'lucide-react';
import { type ReactNode, type SubmitEvent, useState } from 'react';

import type { AttributeDefinition, Category } from '../../api/types';
import { useTranslation } from '../../i18n';
import { IconButton } from '../kit/Button';
import {
  type AttributeDraft,
  definitionFrom,
  draftOf,
  EMPTY_DRAFT,
  isSameDefinition,
  KINDS,
} from './attributeDraft';
import styles from './CategoryEditor.module.css';

interface AttributeEditorProps {
  readonly category: Category;
  /** All definitions; they take the place of those before. */
  readonly onChange: (attributes: AttributeDefinition[]) => void;
}

/** What the masks of a category can say; each edit is saved when its fields are left. */
export function AttributeEditor({ category, onChange }: AttributeEditorProps) {
  const { t } = useTranslation('project');
  const { attributes } = category;
  const put = (index: number, definition: AttributeDefinition) =>
    onChange(attributes.with(index, definition));
  return (
    <div className={styles.attributes} role="group" aria-label={t('attributes.of', { name: category.name })}>
      {attributes.map((definition, index) => (
        <DefinitionRow
          // Another answer of the server's begins the fields anew.
          key={JSON.stringify(definition)}
          definition={definition}
          onChange={(changed) => put(index, changed)}
          onRemove={() => onChange(attributes.toSpliced(index, 1))}
        />
      ))}
      <NewDefinition onAdd={(definition) => onChange([...attributes, definition])} />
    </div>
  );
}

interface DefinitionRowProps {
  readonly definition: AttributeDefinition;
  readonly onChange: (definition: AttributeDefinition) => void;
  readonly onRemove: () => void;
}

function DefinitionRow({ definition, onChange, onRemove }: DefinitionRowProps) {
  const { t } = useTranslation('project');
  const [draft, setDraft] = useState(() => draftOf(definition));
  const save = () => {
    const changed = definitionFrom(draft);
    if (!changed) setDraft(draftOf(definition));
    else if (!isSameDefinition(changed, definition)) onChange(changed);
  };
  return (
    <form
      className={styles.definition}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        save();
      }}
      onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || save()}
    >
      <Fields draft={draft} onChange={setDraft}>
        <IconButton label={t('attributes.remove', { name: definition.name })} onClick={onRemove}>
          <Trash2 />
        </IconButton>
      </Fields>
    </form>
  );
}

function NewDefinition({ onAdd }: { readonly onAdd: (definition: AttributeDefinition) => void }) {
  const { t } = useTranslation('project');
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const definition = definitionFrom(draft);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!definition) return;
    onAdd(definition);
    setDraft(EMPTY_DRAFT);
  };
  return (
    <form className={styles.definition} onSubmit={submit}>
      <Fields draft={draft} onChange={setDraft}>
        <IconButton label={t('attributes.add')} type="submit" disabled={!definition}>
          <Plus />
        </IconButton>
      </Fields>
    </form>
  );
}

interface FieldsProps {
  readonly draft: AttributeDraft;
  readonly onChange: (draft: AttributeDraft) => void;
  readonly children: ReactNode;
}

/** The fields that the kind has. */
function Fields({ draft, onChange, children }: FieldsProps) {
  const { t } = useTranslation('project');
  const field = (name: Exclude<keyof AttributeDraft, 'kind'>) => ({
    value: draft[name],
    'aria-label': t(`attributes.${name}`),
    placeholder: t(`attributes.${name}`),
    className: styles.field,
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...draft, [name]: target.value }),
  });
  const { kind } = draft;
  return (
    <>
      <input {...field('name')} maxLength={200} />
      <select
        className={styles.field}
        value={kind}
        aria-label={t('attributes.kind')}
        onChange={({ target }) =>
          onChange({ ...EMPTY_DRAFT, name: draft.name, kind: target.value as AttributeDraft['kind'] })
        }
      >
        {KINDS.map((each) => (
          <option key={each} value={each}>
            {t(`attributes.kinds.${each}`)}
          </option>
        ))}
      </select>
      {kind === 'choice' && <input {...field('choices')} />}
      {kind === 'number' && <input {...field('minimum')} inputMode="decimal" size={4} />}
      {kind === 'number' && <input {...field('maximum')} inputMode="decimal" size={4} />}
      {kind === 'checkbox' ? (
        <select {...field('default')}>
          <option value="">{t('attributes.noDefault')}</option>
          <option value="true">{t('attributes.on')}</option>
          <option value="false">{t('attributes.off')}</option>
        </select>
      ) : (
        <input {...field('default')} size={6} />
      )}
      {children}
    </>
  );
}

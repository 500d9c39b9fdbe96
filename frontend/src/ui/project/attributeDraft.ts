/** An attribute's definition as it is typed, and back. Pure. */
import type { AttributeDefinition } from '../../api/types';

export type AttributeKind = AttributeDefinition['kind'];

export const KINDS: readonly AttributeKind[] = ['text', 'number', 'choice', 'checkbox'];

/** Every field as text; those that the kind does not have are not read. */
export interface AttributeDraft {
  readonly name: string;
  readonly kind: AttributeKind;
  /** With commas between them. */
  readonly choices: string;
  readonly minimum: string;
  readonly maximum: string;
  /** Of a checkbox `true`, `false`, or nothing. */
  readonly default: string;
}

export const EMPTY_DRAFT: AttributeDraft = {
  ...{ name: '', kind: 'text' },
  ...{ choices: '', minimum: '', maximum: '', default: '' },
};

/** The commas of our languages. */
const COMMAS = /[,，、]/;

export function draftOf(definition: AttributeDefinition): AttributeDraft {
  const { name, kind } = definition;
  const own = { ...EMPTY_DRAFT, name, kind, default: String(definition.default ?? '') };
  if (definition.kind === 'choice') return { ...own, choices: definition.choices.join(', ') };
  if (definition.kind !== 'number') return own;
  const { minimum, maximum } = definition;
  return { ...own, minimum: String(minimum ?? ''), maximum: String(maximum ?? '') };
}

/** Null while something is missing that the kind needs. */
export function definitionFrom(draft: AttributeDraft): AttributeDefinition | null {
  const { kind } = draft;
  const name = draft.name.trim();
  if (name === '') return null;
  switch (kind) {
    case 'text':
      return { name, kind, default: draft.default || null };
    case 'checkbox':
      return { name, kind, default: draft.default === '' ? null : draft.default === 'true' };
    case 'number':
      return {
        ...{ name, kind },
        minimum: numberIn(draft.minimum),
        maximum: numberIn(draft.maximum),
        default: numberIn(draft.default),
      };
    case 'choice': {
      const choices = draft.choices.split(COMMAS).flatMap((choice) => choice.trim() || []);
      return choices.length > 0 ? { name, kind, choices, default: draft.default.trim() || null } : null;
    }
  }
}

/** What is no number counts as nothing. */
function numberIn(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

/** Whether both ask the same; what is left out is null. */
export function isSameDefinition(one: AttributeDefinition, other: AttributeDefinition): boolean {
  return JSON.stringify(draftOf(one)) === JSON.stringify(draftOf(other));
}

/** What the selected masks can say, and what they say together. Pure. */
import type { Annotation, AttributeDef, AttributeValue, Category } from '../../editor/model';

/** `mixed` where the masks say different things; null where none says anything. */
export type Said =
  { readonly isMixed: true } | { readonly isMixed: false; readonly value: AttributeValue | null };

export interface AttributeField {
  readonly definition: AttributeDef;
  readonly said: Said;
}

/** The attributes that the categories of all of these masks define in the same way. */
export function attributeFields(
  annotations: readonly Annotation[],
  categories: readonly Category[],
): readonly AttributeField[] {
  const ids = new Set(annotations.map(({ categoryId }) => categoryId));
  const [first, ...others] = [...ids].map((id) => definitionsOf(id, categories));
  const shared = (first ?? []).filter((one) =>
    others.every((definitions) => definitions.some((other) => isSame(one, other))),
  );
  return shared.map((definition) => ({ definition, said: saidOf(annotations, definition.name) }));
}

function definitionsOf(id: number | null, categories: readonly Category[]): readonly AttributeDef[] {
  return categories.find((category) => category.id === id)?.attributes ?? [];
}

/** Defaults may differ: they are for masks that are made. */
function isSame(one: AttributeDef, other: AttributeDef): boolean {
  return JSON.stringify({ ...one, default: null }) === JSON.stringify({ ...other, default: null });
}

function saidOf(annotations: readonly Annotation[], name: string): Said {
  const values = new Set(annotations.map(({ attributes }) => attributes[name] ?? null));
  const [value = null] = values;
  return values.size > 1 ? { isMixed: true } : { isMixed: false, value };
}

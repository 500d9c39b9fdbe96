/** What annotations say beside their mask: which values a category's definitions allow, and which it begins with. */
import type { AttributeDef, AttributeValue, Category } from './model';

export type Attributes = Readonly<Record<string, AttributeValue>>;

const NONE: Attributes = {};

/** Whether the server would store this value under this definition. */
export function allows(definition: AttributeDef, value: AttributeValue): boolean {
  switch (definition.kind) {
    case 'text':
      return typeof value === 'string';
    case 'checkbox':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && definition.choices.includes(value);
    case 'number':
      return typeof value === 'number' && isWithin(value, definition);
  }
}

function isWithin(value: number, { minimum, maximum }: AttributeDef & { kind: 'number' }): boolean {
  return Number.isFinite(value) && value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
}

/** What an annotation that gets this category says from then on: what the category allows, and its defaults. */
export function fitted(values: Attributes, category: Category | undefined): Attributes {
  const said = (category?.attributes ?? []).flatMap((definition) => {
    const value = valueFor(definition, values[definition.name]);
    return value === null ? [] : [[definition.name, value] as const];
  });
  const fit: Attributes = said.length > 0 ? Object.fromEntries(said) : NONE;
  return sameValues(values, fit) ? values : fit;
}

function valueFor(definition: AttributeDef, value: AttributeValue | undefined): AttributeValue | null {
  return value !== undefined && allows(definition, value) ? value : (definition.default ?? null);
}

/** With one value changed; null takes it away. */
export function withValue(values: Attributes, name: string, value: AttributeValue | null): Attributes {
  const { [name]: before, ...rest } = values;
  const after = value === null ? rest : { ...rest, [name]: value };
  return before === (value ?? undefined) ? values : after;
}

export function definitionOf(category: Category | undefined, name: string): AttributeDef | undefined {
  return category?.attributes.find((definition) => definition.name === name);
}

function sameValues(one: Attributes, other: Attributes): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** Categories as they are offered while a name is typed. Pure. */
import type { Category } from '../../editor/model';

export type CategoryOffer =
  | { readonly kind: 'category'; readonly category: Category; readonly place: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'create'; readonly name: string };

/**
 * Those whose name has what is typed: names that begin with it first, then what was used last, then the order of the
 * project. A name that no category has can be created.
 */
export function offersFor(
  typed: string,
  categories: readonly Category[],
  recent: readonly number[],
): readonly CategoryOffer[] {
  const name = typed.trim();
  const wanted = name.toLowerCase();
  const ageOf = ({ id }: Category) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const beginsWith = (category: Category) => (category.name.toLowerCase().startsWith(wanted) ? 0 : 1);
  const offers = categories
    .map((category, place): CategoryOffer & { kind: 'category' } => ({ kind: 'category', category, place }))
    .filter(({ category }) => category.name.toLowerCase().includes(wanted))
    .sort(({ category: a }, { category: b }) => beginsWith(a) - beginsWith(b) || ageOf(a) - ageOf(b));
  if (name === '') return [...offers, { kind: 'none' }];
  const isTaken = categories.some((category) => category.name.toLowerCase() === wanted);
  return isTaken ? offers : [...offers, { kind: 'create', name }];
}

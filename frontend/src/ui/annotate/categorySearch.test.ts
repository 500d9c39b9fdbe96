import { expect, test } from 'vitest';

import type { Category } from '../../editor/model';
import { type CategoryOffer, offersFor } from './categorySearch';

const CATEGORIES: readonly Category[] = ['tomcat', 'cat', 'dog', 'caterpillar'].map((name, id) => ({
  ...{ id, name },
  color: '#ff0000',
  attributes: [],
}));

const said = (offer: CategoryOffer): string => {
  if (offer.kind === 'category') return offer.category.name;
  return offer.kind === 'none' ? '(none)' : `+${offer.name}`;
};

test.each([
  ['', [], ['tomcat', 'cat', 'dog', 'caterpillar', '(none)']],
  ['', [2, 3], ['dog', 'caterpillar', 'tomcat', 'cat', '(none)']],
  ['cat', [], ['cat', 'caterpillar', 'tomcat']],
  ['cat', [0, 3], ['caterpillar', 'cat', 'tomcat']],
  ['CATE', [], ['caterpillar', '+CATE']],
  [' Dog ', [], ['dog']],
  ['bird', [], ['+bird']],
])('what is offered for “%s” after %j', (typed, recent, offers) => {
  expect(offersFor(typed, CATEGORIES, recent).map(said)).toEqual(offers);
});

test('a place is that in the project, whatever the order of the offers', () => {
  expect(offersFor('dog', CATEGORIES, [])).toMatchObject([{ kind: 'category', place: 2 }]);
});

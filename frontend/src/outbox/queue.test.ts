import { describe, expect, it } from 'vitest';

import type { Annotation } from '../api/types';
import type { Entry, Mutation } from './entry';
import { backoff, overlay } from './queue';

const segmentation = { size: [2, 2] as [number, number], counts: '04' };

const row = (id: string, category_id: number | null = null): Annotation =>
  ({ id, category_id, segmentation, bbox: [0, 0, 2, 2], area: 4, version: 3 }) as Annotation;

const entry = (seq: number, mutation: Mutation): Entry => ({
  seq,
  key: `key-${seq}`,
  mutation,
  acceptedAt: null,
  baseVersion: null,
  rejection: null,
});

const target = (annotationId: string) => ({ imageId: 1, projectId: 7, annotationId });
const created = (id: string): Mutation => ({
  ...target(id),
  kind: 'create',
  annotation: {
    id,
    categoryId: 2,
    mask: { segmentation, bbox: [1, 1, 1, 1], area: 1 },
    attributes: {},
    parentId: null,
    layer: 0,
    provenance: {} as never,
    version: 0,
  },
});

describe('overlay', () => {
  it('shows a mask that the server has not seen yet', () => {
    expect(overlay([], [entry(1, created('a'))])).toMatchObject([
      { id: 'a', categoryId: 2, mask: { area: 1 }, version: 0 },
    ]);
  });

  it('shows a mask once when it was confirmed between reading the queue and the list', () => {
    expect(overlay([row('a')], [entry(1, created('a'))])).toMatchObject([{ id: 'a', version: 3 }]);
  });

  it('applies changes and deletions in order', () => {
    const recategorised = entry(1, {
      ...target('a'),
      kind: 'update',
      changes: { categoryId: 9 },
      after: null,
    });
    const deleted = entry(2, { ...target('b'), kind: 'delete' });
    const restored = entry(3, created('b'));
    const shown = overlay([row('a'), row('b')], [recategorised, deleted, restored]);
    expect(shown.map(({ id, categoryId }) => [id, categoryId])).toEqual([
      ['a', 9],
      ['b', 2],
    ]);
  });

  it('shows a mask that somebody else deleted as it was left here, until that is decided', () => {
    const { annotation: after } = created('a') as Extract<Mutation, { kind: 'create' }>;
    const changed: Mutation = { ...target('a'), kind: 'update', changes: { categoryId: 2 }, after };
    expect(overlay([], [entry(1, changed)])).toMatchObject([{ id: 'a', categoryId: 2, mask: { area: 1 } }]);
  });

  it('cannot show a change alone', () => {
    const changed: Mutation = { ...target('a'), kind: 'update', changes: { categoryId: 9 }, after: null };
    expect(overlay([], [entry(1, changed)])).toEqual([]);
  });
});

describe('backoff', () => {
  it.each([
    [0, 250, 500],
    [1, 500, 1000],
    [4, 4000, 8000],
    [20, 5_000, 10_000],
  ])('before repeat %i lies between %i and %i ms', (attempt, least, most) => {
    expect(backoff(attempt, () => 0)).toBe(least);
    expect(backoff(attempt, () => 1)).toBe(most);
  });

  it('waits at least as long as the server asks', () => {
    expect(backoff(0, () => 0, 7)).toBe(7000);
  });
});

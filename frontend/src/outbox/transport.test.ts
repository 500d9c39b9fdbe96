import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Annotation as Row } from '../api/types';
import type { AnnotationChanges } from '../editor/model';
import type { Entry, Mutation } from './entry';
import { fromServer } from './queue';
import { sendToServer } from './transport';

const ROW: Row = {
  id: 'b1f0c0de-0000-4000-8000-000000000001',
  image_id: 7,
  category_id: 3,
  segmentation: { size: [2, 2], counts: '04' },
  bbox: [0, 0, 2, 2],
  area: 4,
  attributes: { occluded: true, age: 2.5, view: 'side' },
  parent_id: 'b1f0c0de-0000-4000-8000-000000000002',
  layer: 3,
  provenance: { source: 'manual', edits: [{ kind: 'brush', pixels: 4, at_ms: 10 }], seconds: 1 },
  version: 5,
  created_at: '2026-11-22T15:00:00Z',
  updated_at: '2026-11-22T15:00:00Z',
};
const target = { imageId: 7, projectId: 1, annotationId: ROW.id };
const entry = (mutation: Mutation): Entry => ({
  seq: 1,
  key: 'b1f0c0de-0000-4000-8000-000000000003',
  mutation,
  baseVersion: 5,
  rejection: null,
  acceptedAt: null,
});
const update = (changes: AnnotationChanges): Entry =>
  entry({ ...target, kind: 'update', changes, after: null });

const sent: unknown[] = [];

beforeEach(() => {
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(await request.json());
    return Response.json(ROW);
  });
});
afterEach(() => {
  sent.length = 0;
  vi.unstubAllGlobals();
});

describe('what is sent', () => {
  it('of a new annotation is all that the server gave, or will give, back', async () => {
    await sendToServer(entry({ ...target, kind: 'create', annotation: fromServer(ROW) }));
    const { id, category_id, segmentation, attributes, parent_id, layer, provenance } = ROW;
    expect(sent).toEqual([{ id, category_id, segmentation, attributes, parent_id, layer, provenance }]);
  });

  it.each<[string, AnnotationChanges, object]>([
    ['attributes', { attributes: { age: 3 } }, { attributes: { age: 3 } }],
    ['no attributes any more', { attributes: {} }, { attributes: {} }],
    ['another whole', { parentId: ROW.id }, { parent_id: ROW.id }],
    ['no whole', { parentId: null }, { parent_id: null }],
    ['no category', { categoryId: null }, { category_id: null }],
    ['the lowest layer', { layer: 0 }, { layer: 0 }],
  ])('of a change is that alone: %s', async (_, changes, fields) => {
    await sendToServer(update(changes));
    expect(sent).toEqual([{ version: 5, ...fields }]);
  });
});

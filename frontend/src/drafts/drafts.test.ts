import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { EditorDraft } from '../editor/draft';
import type { Annotation } from '../editor/model';
import { Drafts } from './drafts';
import { CHARACTERS_MOST, ENTRIES_MOST } from './limits';

const SIZE = { width: 4, height: 3 };
const mask = { segmentation: { size: [3, 4] as const, counts: '48' }, bbox: [1, 1, 3, 2] as const, area: 8 };
const annotation: Annotation = {
  id: 'a',
  categoryId: 1,
  mask,
  attributes: { seen: true },
  parentId: null,
  layer: 0,
  provenance: { source: 'manual', edits: [], seconds: 1 },
  version: 0,
};
const draft: EditorDraft = {
  history: {
    done: [[{ kind: 'delete', id: 'a' }], [{ kind: 'update', id: 'a', changes: { mask, categoryId: null } }]],
    undone: [[{ kind: 'create', annotation, index: 0 }]],
  },
  making: {
    baseId: null,
    startedAgo: 900,
    steps: [
      { kind: 'prompt', prompts: [{ kind: 'point', x: 1, y: 2, label: 1 }], ago: [800], walked: -1 },
      {
        kind: 'prompt',
        prompts: [{ kind: 'box', box: { x0: 0, y0: 0, x1: 2, y1: 2 } }],
        ago: [700],
        walked: 0,
      },
      { kind: 'edit', edit: { kind: 'brush', pixels: 3 }, ago: 600, mask },
    ],
  },
};
const NOTHING: EditorDraft = { history: { done: [], undone: [] }, making: null };

let databases = 0;
let name: string;
let clock: number;
let drafts: Drafts;
const open: Drafts[] = [];

async function page(): Promise<Drafts> {
  const opened = await Drafts.open(name, () => clock);
  open.push(opened);
  return opened;
}

async function keep(imageId: number, kept: EditorDraft): Promise<void> {
  drafts.keep(imageId, () => kept);
  await drafts.flush();
}

beforeEach(async () => {
  name = `drafts-${databases++}`;
  clock = 1_000_000;
  drafts = await page();
});

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

describe('a draft', () => {
  it('is there again on the next page', async () => {
    await keep(7, draft);
    drafts.close();
    expect(await (await page()).read(7, SIZE)).toEqual(draft);
  });

  it('is written by itself a moment after the change, as it is then', async () => {
    let current = draft;
    drafts.keep(7, () => current);
    expect(drafts.isBehind).toBe(true);
    current = { ...draft, making: null };
    await expect.poll(() => drafts.read(7, SIZE)).toEqual(current);
    expect(drafts.isBehind).toBe(false);
  });

  it('of nothing is no draft', async () => {
    await keep(7, draft);
    await keep(7, NOTHING);
    expect(await drafts.read(7, SIZE)).toBeNull();
  });

  it('is forgotten with its image', async () => {
    await keep(7, draft);
    await drafts.forget(7);
    expect(await drafts.read(7, SIZE)).toBeNull();
  });

  it('of two tabs is the one that was written last', async () => {
    const other = await page();
    await keep(7, draft);
    other.keep(7, () => ({ ...draft, making: null }));
    await other.flush();
    expect((await drafts.read(7, SIZE))?.making).toBeNull();
  });
});

describe('what is kept is bounded', () => {
  const deletions = (count: number) =>
    Array.from({ length: count }, (_, i) => [{ kind: 'delete', id: `${i}` }] as const);

  it('in entries: the newest stay', async () => {
    await keep(7, { ...NOTHING, history: { done: deletions(ENTRIES_MOST + 5), undone: [] } });
    const kept = (await drafts.read(7, SIZE))?.history.done;
    expect(kept).toHaveLength(ENTRIES_MOST);
    expect(kept?.at(-1)).toEqual([{ kind: 'delete', id: `${ENTRIES_MOST + 4}` }]);
    expect(kept?.[0]).toEqual([{ kind: 'delete', id: '5' }]);
  });

  it('in size: a mask too many ends the history there', async () => {
    const huge = { ...mask, segmentation: { ...mask.segmentation, counts: '0'.repeat(CHARACTERS_MOST) } };
    const entry = [{ kind: 'create', annotation: { ...annotation, mask: huge }, index: 0 }] as const;
    await keep(7, { ...NOTHING, history: { done: [entry, entry, ...deletions(2)], undone: [] } });
    const stored = await openDB(name).then((db) => db.get('drafts', 7) as Promise<{ draft: EditorDraft }>);
    expect(stored.draft.history.done).toHaveLength(3);
  });

  it('in images: those saved longest ago go', async () => {
    for (let imageId = 1; imageId <= 201; imageId += 1) {
      clock += 1;
      await keep(imageId, draft);
    }
    expect(await drafts.read(1, SIZE)).toBeNull();
    expect(await drafts.read(2, SIZE)).toEqual(draft);
    expect(await drafts.read(201, SIZE)).toEqual(draft);
  });

  it('in time', async () => {
    await keep(7, draft);
    clock += 31 * 24 * 60 * 60 * 1000;
    expect(await drafts.read(7, SIZE)).toBeNull();
    await keep(8, draft);
    const db = await openDB(name);
    expect(await db.getAllKeys('drafts')).toEqual([8]);
    db.close();
  });
});

describe('a draft that cannot be trusted is dropped', () => {
  const withMask = (segmentation: unknown) => ({
    ...draft,
    history: {
      done: [[{ kind: 'create', annotation: { ...annotation, mask: { ...mask, segmentation } }, index: 0 }]],
      undone: [],
    },
  });
  const step = (value: unknown) => ({ ...draft, making: { baseId: null, startedAgo: 1, steps: [value] } });

  it.each([
    ['nothing', undefined],
    ['a text', 'draft'],
    ['no history', { making: null }],
    ['an unknown patch', { ...NOTHING, history: { done: [[{ kind: 'paint' }]], undone: [] } }],
    ['a mask of another size', withMask({ size: [4, 3], counts: '48' })],
    ['a mask that does not fill its image', withMask({ size: [3, 4], counts: '47' })],
    ['a mask with a broken string', withMask({ size: [3, 4], counts: '~~' })],
    [
      'an annotation of an older format',
      {
        ...NOTHING,
        history: { done: [[{ kind: 'create', annotation: { id: 'a', mask }, index: 0 }]], undone: [] },
      },
    ],
    ['a step without prompts', step({ kind: 'prompt', prompts: [], ago: [], walked: 0 })],
    ['a prompt without a place', step({ kind: 'prompt', prompts: [{ kind: 'point' }], ago: [1], walked: 0 })],
    ['a step of another kind', step({ kind: 'wish' })],
  ])('%s', async (_, damaged) => {
    await keep(7, draft);
    const db = await openDB(name);
    await db.put('drafts', { imageId: 7, savedAt: clock, draft: damaged });
    db.close();
    expect(await drafts.read(7, SIZE)).toBeNull();
  });
});

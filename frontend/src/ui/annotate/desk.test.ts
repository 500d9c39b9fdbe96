import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Annotation as Row, ImageDetail, Model } from '../../api/types';
import { MOUSE } from '../../editor/testing/person';
import { Drafts } from '../../drafts/drafts';
import type { Editor } from '../../editor/editor';
import type { Candidate } from '../../geometry/decoding';
import type { DecoderSource, InferenceStatus, OpenImage } from '../../inference/types';
import { Outbox } from '../../outbox/outbox';
import type { Send } from '../../outbox/transport';
import { createQueryClient } from '../app/queries';
import { Toasts } from '../kit/toasts';
import { Desk, type DeskInference } from './desk';

const modelNamed = (name: string): Model => ({
  name,
  title: name,
  encoder_digest: `encoder of ${name}`,
  decoder_digest: `decoder of ${name}`,
  decoder: { image_url: `/${name}/image.onnx`, click_url: `/${name}/click.onnx` },
  input_side: 1024,
  prompts: ['point', 'box', 'mask'],
});
const setting = {
  model: modelNamed('old'),
  categories: [
    { id: 1, name: 'cat', color: '#112233', position: 0, attributes: [] },
    { id: 2, name: 'dog', color: '#445566', position: 1, attributes: [] },
  ],
};
const PLACE = { imageId: 1, projectId: 7 };
const image = (id: number) => ({ id, project_id: 7, width: 100, height: 100 }) as ImageDetail;
const segmentation = { size: [100, 100] as [number, number], counts: '0`h9' };
const row = (id: string, version = 1, category_id: number | null = null) =>
  ({
    id,
    version,
    category_id,
    segmentation,
    bbox: [0, 0, 9, 9],
    area: 81,
    attributes: {},
    parent_id: null,
    layer: 0,
    provenance: {},
  }) as unknown as Row;
const candidate = (token: Candidate['token']): Candidate => ({
  token,
  logits: new Float32Array(256 * 256).fill(1),
  inputSide: 1024,
  crop: [0, 0, 100, 100],
  predictedIou: 0.9,
  stability: 0.9,
  gridArea: 100 * (token + 1),
});

/** A model that is ready for whatever image is open, and brings masks to full size when `finish` is called. */
class FakeInference implements DeskInference {
  status = { phase: 'ready', imageId: null, error: null } as InferenceStatus;
  readonly opened: (number | null)[] = [];
  /** The decoder asked for last, and the embedding. */
  decoder = '';
  embedding = '';
  finish: () => void = () => undefined;
  private readonly listeners = new Set<() => void>();

  readonly getStatus = () => this.status;
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
  preload({ decoder }: DecoderSource) {
    this.decoder = decoder.clickUrl;
  }
  openImage({ imageId, embeddingUrl }: OpenImage) {
    this.embedding = embeddingUrl;
    this.note(imageId);
  }
  closeImage() {
    this.note(null);
  }
  decode() {
    return Promise.resolve(([0, 1, 2, 3] as const).map(candidate));
  }
  async toFullMask() {
    await new Promise<void>((resolve) => (this.finish = resolve));
    return { segmentation, bbox: [0, 0, 100, 100] as const, area: 10_000 };
  }
  private note(imageId: number | null) {
    this.opened.push(imageId);
    this.status = { ...this.status, imageId };
    for (const listener of this.listeners) listener();
  }
}

const newDesk = () =>
  new Desk({ queries: createQueryClient(), outbox, drafts, inference, toasts: new Toasts() });

let databases = 0;
let outbox: Outbox;
let inference: FakeInference;
let drafts: Drafts;
let desk: Desk;
let rows: Record<number, Row[]>;
let send: ReturnType<typeof vi.fn<Send>>;

beforeEach(async () => {
  rows = {};
  send = vi.fn<Send>(() => new Promise(() => undefined));
  outbox = await Outbox.open({
    name: `desk-${databases++}`,
    send: (entry) => send(entry),
    exclusive: (work) => work(),
  });
  inference = new FakeInference();
  drafts = await Drafts.open(`drafts-${databases}`);
  desk = newDesk();
  vi.stubGlobal('fetch', (request: Request) => {
    const id = Number(/images\/(\d+)\/annotations/.exec(request.url)?.[1]);
    return Promise.resolve(Response.json(rows[id] ?? []));
  });
});

afterEach(() => {
  outbox.close();
  drafts.close();
  vi.unstubAllGlobals();
});

const at = (x: number, y: number) => ({ ...MOUSE, x, y, scale: 1 }) as const;

async function click(editor: Editor): Promise<void> {
  editor.pointerDown(at(50, 50));
  editor.pointerUp(at(50, 50));
  await vi.waitFor(() => expect(editor.getSnapshot().making?.state).toBe('shown'));
}

async function accept(editor: Editor): Promise<void> {
  const before = editor.getSnapshot().annotations.length;
  await click(editor);
  editor.prompting.accept();
  await vi.waitFor(() => {
    inference.finish();
    expect(editor.getSnapshot().annotations).toHaveLength(before + 1);
  });
}

const open = (id: number) => desk.open(image(id), setting);
async function openAndActivate(id: number) {
  const sheet = await open(id);
  await desk.activate(sheet);
  return sheet;
}
const ids = (editor: Editor) => editor.getSnapshot().annotations.map((annotation) => annotation.id);

describe('the desk', () => {
  it('shows what the server has with what is still unsent laid over it', async () => {
    rows = { 1: [row('a'), row('b')] };
    await outbox.enqueue(PLACE, { kind: 'delete', id: 'a', version: 1 });
    expect(ids((await open(1)).editor)).toEqual(['b']);
  });

  it('counts an accepted mask as waiting at once, and gives the editor the version when the server confirms', async () => {
    send.mockResolvedValue(1);
    const { editor } = await openAndActivate(1);
    const waiting: number[] = [];
    editor.onChange(() => waiting.push(outbox.getState().waiting));
    await accept(editor);
    expect(waiting).toEqual([1]);
    await vi.waitFor(() => expect(editor.getSnapshot().annotations[0]?.version).toBe(1));
    expect(outbox.getState().waiting).toBe(0);
  });

  it('keeps the mask in the making when the annotator goes away and comes back', async () => {
    const { editor } = await openAndActivate(1);
    await click(editor);
    await openAndActivate(2);
    expect((await openAndActivate(1)).editor).toBe(editor);
    expect(editor.getSnapshot().making?.prompts).toHaveLength(1);
    expect(desk.hasUnfinished()).toBe(true);
    await vi.waitFor(() => expect(desk.hasUnfinished()).toBe(false));
  });

  it('lays out on the next page what was begun and what can be taken back', async () => {
    rows = { 1: [row('a')] };
    const { editor } = await openAndActivate(1);
    editor.objects.delete(['a']);
    await click(editor);
    await drafts.flush();
    desk = newDesk();
    const { editor: next } = await openAndActivate(1);
    await vi.waitFor(() => expect(next.getSnapshot().making?.state).toBe('shown'));
    next.undo();
    expect(next.getSnapshot().making).toBeNull();
    next.undo();
    expect(ids(next)).toEqual(['a']);
  });

  it('writes no draft for a pointer that only moves', async () => {
    const { editor } = await openAndActivate(1);
    editor.pointerMove(at(20, 20));
    await vi.waitFor(() => expect(editor.getSnapshot().preview).not.toBeNull());
    expect(drafts.isBehind).toBe(false);
  });

  it('gives up what belongs to a deleted project', async () => {
    rows = { 1: [row('a')] };
    const { editor } = await openAndActivate(1);
    editor.objects.delete(['a']);
    await vi.waitFor(() => expect(outbox.getState().unstored).toBe(0));
    await desk.forgetProject(7);
    expect(outbox.getState().waiting).toBe(0);
    expect(await drafts.read(1, image(1))).toBeNull();
  });

  it('points the model at the next image only when the accepted mask is through', async () => {
    const { editor } = await openAndActivate(1);
    await click(editor);
    editor.prompting.accept();
    const next = desk.activate(await open(2));
    expect(inference.opened).toEqual([1]);
    await vi.waitFor(() => {
      inference.finish();
      expect(ids(editor)).toHaveLength(1);
    });
    await next;
    expect(inference.opened).toEqual([1, 2]);
    expect(editor.getSnapshot().status.phase).toBe('loading-embedding');
  });

  it('skips images that were passed by while the model was busy', async () => {
    const { editor } = await openAndActivate(1);
    await click(editor);
    editor.prompting.accept();
    const passed = desk.activate(await open(2));
    const wanted = desk.activate(await open(3));
    await vi.waitFor(() => {
      inference.finish();
      expect(ids(editor)).toHaveLength(1);
    });
    await Promise.all([passed, wanted]);
    expect(inference.opened).toEqual([1, 3]);
  });

  it('takes the category in hand to the next image', async () => {
    const { editor } = await openAndActivate(1);
    editor.objects.setCategory(2);
    expect((await openAndActivate(2)).editor.getSnapshot().categoryId).toBe(2);
  });

  it('takes the brush in hand to the next image, and back', async () => {
    const { editor } = await openAndActivate(1);
    editor.editing.set({ brushSize: 7, overlaps: 'bite' });
    const next = (await openAndActivate(2)).editor;
    expect(next.getSnapshot().editing).toMatchObject({ brushSize: 7, overlaps: 'bite' });
    next.editing.set({ brushSize: 9 });
    await openAndActivate(1);
    expect(editor.getSnapshot().editing.brushSize).toBe(9);
  });

  it('keeps the category in hand when the server confirms a mask on another image', async () => {
    let confirm: (version: number) => void = () => undefined;
    send.mockImplementationOnce(() => new Promise((resolve) => (confirm = resolve)));
    const first = await openAndActivate(1);
    await accept(first.editor);
    (await openAndActivate(2)).editor.objects.setCategory(2);
    confirm(1);
    await vi.waitFor(() => expect(first.editor.getSnapshot().annotations[0]?.version).toBe(1));
    expect((await openAndActivate(3)).editor.getSnapshot().categoryId).toBe(2);
  });

  it('brings what others changed to a sheet that was put aside', async () => {
    rows = { 1: [row('a'), row('b')] };
    vi.useFakeTimers({ toFake: ['Date'] });
    const { editor } = await open(1);
    rows = { 1: [row('b', 2, 1), row('c')] };
    vi.advanceTimersByTime(60_000);
    await desk.refresh(1);
    vi.useRealTimers();
    expect(editor.getSnapshot().annotations.map(({ id, version }) => [id, version])).toEqual([
      ['b', 2],
      ['c', 1],
    ]);
  });

  it('gives up what was not sent of an image that is deleted, and takes nothing more for it', async () => {
    const { editor } = await openAndActivate(1);
    await accept(editor);
    await desk.forget(1);
    editor.undo();
    await vi.waitFor(() => expect(outbox.getState().waiting).toBe(0));
    expect(await outbox.ofImage(1)).toEqual([]);
    expect(desk.hasUnfinished()).toBe(false);
  });

  it('shows what another tab has changed on the image at hand', async () => {
    rows = { 1: [row('a'), row('b')] };
    const { editor } = await openAndActivate(1);
    send.mockImplementation(({ mutation }) => {
      rows = { 1: [row('b')] };
      return Promise.resolve(mutation.kind === 'delete' ? null : 1);
    });
    await outbox.enqueue(PLACE, { kind: 'delete', id: 'a', version: 1 }); // Not by this editor.
    await vi.waitFor(() => expect(ids(editor)).toEqual(['b']));
  });

  it('reads a list again that was on its way while the server confirmed a change', async () => {
    send.mockResolvedValue(1);
    const reads = vi.fn<() => Promise<Row[]>>();
    vi.stubGlobal('fetch', async () => Response.json(await reads()));
    reads.mockImplementationOnce(async () => {
      await outbox.enqueue(PLACE, { kind: 'delete', id: 'a', version: 1 });
      await vi.waitFor(() => expect(outbox.getState().waiting).toBe(0));
      return [row('a')];
    });
    reads.mockResolvedValue([]);
    expect(ids((await open(1)).editor)).toEqual([]);
  });
});

describe('another model of the project', () => {
  const other = modelNamed('new');
  const works = () => [inference.decoder, inference.embedding];
  const NEW = ['/new/click.onnx', '/api/images/1/embeddings/encoder of new'];
  const OLD = ['/old/click.onnx', '/api/images/1/embeddings/encoder of old'];

  it('takes over the image at hand at once where no mask is in the making, and masks say so', async () => {
    const { editor } = await openAndActivate(1);
    await accept(editor);
    expect(works()).toEqual(OLD);
    desk.useModel(7, other);
    expect(works()).toEqual(NEW);
    await accept(editor);
    const made = editor.getSnapshot().annotations.map(({ provenance }) => provenance);
    expect(made).toMatchObject([{ encoder_digest: 'encoder of old' }, { encoder_digest: 'encoder of new' }]);
  });

  it('waits for the mask in the making', async () => {
    const sheet = await openAndActivate(1);
    await click(sheet.editor);
    const heard = vi.fn();
    desk.subscribe(heard);
    desk.useModel(7, other);
    expect(heard).toHaveBeenCalled();
    expect(sheet.nextModel).toBe(other);
    expect(works()).toEqual(OLD);
    sheet.editor.prompting.accept();
    await vi.waitFor(() => {
      inference.finish();
      expect(ids(sheet.editor)).toHaveLength(1);
    });
    const [made] = sheet.editor.getSnapshot().annotations;
    expect(made?.provenance).toMatchObject({ encoder_digest: 'encoder of old' });
    expect(works()).toEqual(NEW);
    expect(sheet.nextModel).toBeNull();
  });

  it('is of no concern where the project changed its mind meanwhile', async () => {
    const sheet = await openAndActivate(1);
    await click(sheet.editor);
    desk.useModel(7, other);
    desk.useModel(7, setting.model);
    sheet.editor.cancel();
    expect(sheet.nextModel).toBeNull();
    expect(works()).toEqual(OLD);
  });

  it('goes back to the model of a mask in the making with the annotator', async () => {
    const sheet = await openAndActivate(1);
    await click(sheet.editor);
    desk.useModel(7, other);
    await openAndActivate(2);
    expect(inference.decoder).toBe('/new/click.onnx');
    await desk.activate(sheet);
    expect(works()).toEqual(OLD);
    sheet.editor.cancel();
    expect(works()).toEqual(NEW);
  });

  it('reaches an image whose annotations were being read, and leaves those of other projects alone', async () => {
    const opening = open(1);
    desk.useModel(7, other);
    desk.useModel(8, modelNamed('of another project'));
    expect((await opening).model).toBe(other);
  });
});

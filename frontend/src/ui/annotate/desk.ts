/**
 * The images that the annotator has on the desk: one editor each, kept with its history and its mask in the making while
 * the annotator goes to other images or back to the grid. It ties editors to the outbox and to the model.
 */
import type { QueryClient } from '@tanstack/react-query';

import { listAnnotations } from '../../api/annotations';
import { NetworkError } from '../../api/errors';
import type { Annotation as AnnotationRow, Category, ImageDetail, Model } from '../../api/types';
import type { Drafts } from '../../drafts/drafts';
import type { EditorDraft } from '../../editor/draft';
import { Editor } from '../../editor/editor';
import { Listeners } from '../../editor/listeners';
import type { Annotation, Change, EditingSettings, ModelState, ModelVersion } from '../../editor/model';
import type { Decoder } from '../../editor/ports';
import { errorOf } from '../../i18n/message';
import type { InferenceClient } from '../../inference/client';
import type { DecoderSource, InferenceStatus } from '../../inference/types';
import type { Mutation } from '../../outbox/entry';
import type { Acknowledgement, Outbox } from '../../outbox/outbox';
import { overlay } from '../../outbox/queue';
import { newUuid } from '../../outbox/uuid';
import type { Toasts } from '../kit/toasts';
import { reconcile } from './reconcile';

export interface Sheet {
  readonly image: ImageDetail;
  readonly editor: Editor;
  /** What the sheet works with. */
  readonly model: Model;
  /** The project's model, while a mask in the making still belongs to the one before. */
  readonly nextModel: Model | null;
}

interface OwnSheet extends Sheet {
  model: Model;
  nextModel: Model | null;
}

/** What an editor is made of, besides the image. */
export interface Setting {
  readonly model: Model;
  readonly categories: readonly Category[];
}

/** What the desk asks of the model. */
export type DeskInference = Decoder &
  Pick<InferenceClient, 'subscribe' | 'getStatus' | 'preload' | 'openImage' | 'closeImage'>;

/** What the desk asks of the drafts. */
export type DeskDrafts = Pick<Drafts, 'read' | 'keep' | 'forget' | 'isBehind'>;

interface DeskOptions {
  readonly queries: QueryClient;
  readonly outbox: Outbox;
  readonly drafts: DeskDrafts;
  readonly inference: DeskInference;
  readonly toasts: Toasts;
}

/** Sheets beyond this are put away, the oldest first, unless a mask in the making lies on them. */
const KEPT_SHEETS = 12;

export const embeddingUrl = (imageId: number, { encoder_digest }: Model): string =>
  `/api/images/${imageId}/embeddings/${encoder_digest}`;

/** Where the browser finds what answers clicks. */
export const decoderOf = ({ decoder, input_side }: Model): DecoderSource => ({
  decoder: { imageUrl: decoder.image_url, clickUrl: decoder.click_url },
  inputSide: input_side,
});

const versionOf = ({ encoder_digest, decoder_digest, input_side, prompts }: Model): ModelVersion => ({
  encoderDigest: encoder_digest,
  decoderDigest: decoder_digest,
  inputSide: input_side,
  takesPoints: prompts.includes('point'),
});

export const annotationsKey = (imageId: number) => ['annotations', imageId] as const;

export class Desk {
  private readonly sheets = new Map<number, OwnSheet>();
  /** The model of each project, as told last. */
  private readonly models = new Map<number, Model>();
  private readonly listeners = new Listeners<[]>();
  /** How many changes of an image the server has confirmed to this browser: a list read across one is out of date. */
  private readonly confirmations = new Map<number, number>();
  /** Images that were deleted here: what still arrives for them goes nowhere. */
  private readonly deleted = new Set<number>();
  private active: OwnSheet | null = null;
  private wanted: Sheet | null = null;
  /** The category in hand goes with the annotator to the next image. */
  private categoryId: number | null | undefined;
  /** And so do the brush and all else that changes masks by hand. */
  private editing: EditingSettings | undefined;

  constructor(private readonly options: DeskOptions) {
    const { inference, outbox } = options;
    inference.subscribe(() => this.tellModelState());
    outbox.onAcknowledged((ack) => this.acknowledge(ack));
  }

  /** Calls back when a sheet's model changes, or is to change; returns the way to stop. */
  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  /** The image's sheet: from the desk, checked against the server by and by, or laid out anew. */
  async open(image: ImageDetail, setting: Setting): Promise<Sheet> {
    const known = this.sheets.get(image.id);
    if (known) {
      this.keep(known);
      this.changeModel(known, this.modelOf(image, setting));
      void this.refresh(image.id);
      return known;
    }
    const [annotations, draft] = await Promise.all([
      this.readAnnotations(image.id),
      this.options.drafts.read(image.id, image),
    ]);
    return this.sheets.get(image.id) ?? this.layOut(image, setting, annotations, draft);
  }

  /** Points the model at a sheet, once the masks accepted on the sheet before are through. Null: at nothing. */
  async activate(sheet: Sheet | null): Promise<void> {
    this.wanted = sheet;
    if (this.editing) sheet?.editor.editing.set(this.editing);
    await this.active?.editor.settled();
    if (this.wanted !== sheet || this.active === sheet) return;
    this.active?.editor.setModelState({ phase: 'loading-embedding' });
    this.active = (sheet && this.sheets.get(sheet.image.id)) ?? null;
    if (this.active) this.startModel(this.active);
    else this.options.inference.closeImage();
    this.tellModelState();
  }

  /** The project has another model: each of its sheets changes to it between two masks. */
  useModel(projectId: number, model: Model): void {
    this.models.set(projectId, model);
    for (const sheet of this.sheets.values()) {
      if (sheet.image.project_id === projectId) this.changeModel(sheet, model);
    }
  }

  /** Brings a sheet up to what the server holds, unless the annotator changes it meanwhile. */
  async refresh(imageId: number): Promise<void> {
    const editor = this.sheets.get(imageId)?.editor;
    const before = editor?.getSnapshot().annotations;
    try {
      const annotations = await this.readAnnotations(imageId);
      if (editor && editor.getSnapshot().annotations === before) reconcile(editor, annotations);
    } catch (error) {
      if (!(error instanceof NetworkError))
        this.options.toasts.bad({ key: 'errors:imageUnchecked', values: { reason: errorOf(error) } });
    }
  }

  /** The image is no more: its sheet is put away, and what was not sent yet is given up. */
  async forget(imageId: number): Promise<void> {
    this.deleted.add(imageId);
    this.sheets.delete(imageId);
    await this.options.drafts.forget(imageId);
    await this.options.outbox.discardImage(imageId);
  }

  /** The project is no more, with all of its images. */
  async forgetProject(projectId: number): Promise<void> {
    const own = [...this.sheets.values()].filter(({ image }) => image.project_id === projectId);
    for (const { image } of own) await this.forget(image.id);
    await this.options.outbox.discardProject(projectId);
  }

  /** Reads an image's annotations ahead; where that fails, opening it says why. */
  prefetch(imageId: number): Promise<void> {
    return this.options.queries.query(this.annotationsQuery(imageId)).then(noop, noop);
  }

  /** True while closing the page would lose something: a mask on its way, or a change or a draft not on disk yet. */
  hasUnfinished(): boolean {
    const { outbox, drafts } = this.options;
    const isOnItsWay = ({ editor }: Sheet) => editor.getSnapshot().accepting.length > 0;
    return outbox.getState().unstored > 0 || drafts.isBehind || [...this.sheets.values()].some(isOnItsWay);
  }

  private acknowledge({ entry: { mutation }, version }: Acknowledgement): void {
    const { imageId, annotationId } = mutation;
    this.confirmations.set(imageId, this.confirmationsOf(imageId) + 1);
    void this.options.queries.invalidateQueries({ queryKey: annotationsKey(imageId), refetchType: 'none' });
    const sheet = this.sheets.get(imageId);
    if (version !== null) sheet?.editor.acknowledge(annotationId, version);
    if (sheet && sheet === this.active && !shows(sheet.editor, mutation)) void this.refresh(imageId);
  }

  private confirmationsOf(imageId: number): number {
    return this.confirmations.get(imageId) ?? 0;
  }

  private layOut(
    image: ImageDetail,
    setting: Setting,
    annotations: readonly Annotation[],
    draft: EditorDraft | null,
  ): Sheet {
    const { categories } = setting;
    const model = this.modelOf(image, setting);
    const editor = new Editor({
      decoder: this.options.inference,
      imageSize: image,
      annotations,
      categories,
      ...this.categoryInHand(categories),
      ...(this.editing && { editing: this.editing }),
      model: versionOf(model),
      now: () => performance.now(),
      newId: newUuid,
    });
    if (draft) editor.restore(draft);
    editor.onChange((change) => this.send(image, change));
    onWork(editor, () => this.keepDraft(image.id, editor));
    editor.subscribe(() => {
      // News of a sheet that was put aside says nothing about the annotator's hand.
      if (this.wanted?.editor === editor)
        ({ categoryId: this.categoryId, editing: this.editing } = editor.getSnapshot());
    });
    const sheet: OwnSheet = { image, editor, model, nextModel: null };
    editor.subscribe(() => this.adoptModel(sheet));
    this.keep(sheet);
    return sheet;
  }

  private keepDraft(imageId: number, editor: Editor): void {
    if (!this.deleted.has(imageId)) this.options.drafts.keep(imageId, () => editor.draft());
  }

  private categoryInHand(categories: readonly Category[]): { categoryId?: number | null } {
    const { categoryId } = this;
    const isThere = categoryId === null || categories.some(({ id }) => id === categoryId);
    return isThere && categoryId !== undefined ? { categoryId } : {};
  }

  private send({ id: imageId, project_id: projectId }: ImageDetail, change: Change): void {
    if (this.deleted.has(imageId)) return;
    this.options.outbox.enqueue({ imageId, projectId }, change).catch((error: unknown) => {
      const text = { key: 'errors:notStored', values: { reason: errorOf(error) } } as const;
      this.options.toasts.bad(text, { label: { key: 'common:tryAgain' }, run: this.options.outbox.retryNow });
    });
  }

  /** Entries first, list second: see `overlay`. Without the server, the list that was read ahead has to do. */
  private async readAnnotations(imageId: number): Promise<Annotation[]> {
    const { queries, outbox } = this.options;
    const entries = await outbox.ofImage(imageId);
    const rows = await queries.query(this.annotationsQuery(imageId)).catch((error: unknown) => {
      const known = queries.getQueryData<AnnotationRow[]>(annotationsKey(imageId));
      if (known && error instanceof NetworkError) return known;
      throw error;
    });
    await outbox.observe(imageId, new Map(rows.map(({ id, version }) => [id, version])));
    return overlay(rows, entries);
  }

  private annotationsQuery(imageId: number) {
    return {
      queryKey: annotationsKey(imageId),
      queryFn: () => this.listAsConfirmed(imageId),
      staleTime: FRESH_MS,
    };
  }

  /** A list that holds everything confirmed before it arrived. */
  private async listAsConfirmed(imageId: number): Promise<AnnotationRow[]> {
    const before = this.confirmationsOf(imageId);
    const rows = await listAnnotations(imageId);
    return before === this.confirmationsOf(imageId) ? rows : this.listAsConfirmed(imageId);
  }

  /** It may have changed while the annotations were read. */
  private modelOf({ project_id }: ImageDetail, { model }: Setting): Model {
    return this.models.get(project_id) ?? model;
  }

  private changeModel(sheet: OwnSheet, model: Model): void {
    sheet.nextModel = isSame(model, sheet.model) ? null : model;
    this.adoptModel(sheet);
    this.listeners.emit();
  }

  /** A mask in the making keeps the model that it was begun with: its answers and its prior are that model's. */
  private adoptModel(sheet: OwnSheet): void {
    const { nextModel, editor } = sheet;
    if (!nextModel || !editor.isBetweenMasks) return;
    sheet.model = nextModel;
    sheet.nextModel = null;
    editor.setModel(versionOf(nextModel));
    if (sheet === this.active) this.startModel(sheet);
    this.listeners.emit();
  }

  private startModel({ image, model }: Sheet): void {
    const { inference } = this.options;
    inference.preload(decoderOf(model));
    inference.openImage({
      imageId: image.id,
      embeddingUrl: embeddingUrl(image.id, model),
      imageSize: image,
    });
  }

  private tellModelState(): void {
    if (this.active)
      this.active.editor.setModelState(modelState(this.options.inference.getStatus(), this.active));
  }

  /** Most recently used last. */
  private keep(sheet: OwnSheet): void {
    this.sheets.delete(sheet.image.id);
    this.sheets.set(sheet.image.id, sheet);
    for (const [id, old] of this.sheets) {
      if (this.sheets.size <= KEPT_SHEETS) return;
      if (old !== this.active && old !== sheet && !isUnfinished(old)) this.sheets.delete(id);
    }
  }
}

/** Calls back when there is other work to keep; the pointer alone is none. */
function onWork(editor: Editor, listener: () => void): void {
  let before = editor.getSnapshot();
  editor.subscribe(() => {
    const now = editor.getSnapshot();
    const { annotations, making, canUndo, canRedo } = now;
    const isSame = annotations === before.annotations && making === before.making;
    const isNews = !isSame || canUndo !== before.canUndo || canRedo !== before.canRedo;
    before = now;
    if (isNews) listener();
  });
}

/** A list read ahead is good for this long: others may be at work in the project. */
const FRESH_MS = 15_000;

const noop = () => undefined;

/** False where another tab has made the change. */
function shows(editor: Editor, mutation: Mutation): boolean {
  const shown = editor.getSnapshot().annotations.find(({ id }) => id === mutation.annotationId);
  switch (mutation.kind) {
    case 'create':
      return shown !== undefined;
    case 'delete':
      return shown === undefined;
    case 'update':
      return mutation.changes.categoryId === undefined || mutation.changes.categoryId === shown?.categoryId;
  }
}

const isUnfinished = ({ editor }: Sheet): boolean => !editor.isBetweenMasks;

const isSame = (one: Model, other: Model): boolean =>
  one.encoder_digest === other.encoder_digest && one.decoder_digest === other.decoder_digest;

function modelState({ phase, imageId, error }: InferenceStatus, sheet: Sheet): ModelState {
  if (imageId !== sheet.image.id || phase === 'idle') return { phase: 'loading-embedding' };
  if (phase === 'error') {
    return { phase, message: error ?? { key: 'errors:model.noReason' } };
  }
  return { phase: phase === 'decoding' ? 'ready' : phase };
}

/** Files on their way to the server, three at a time. Lives as long as the page: leaving the grid stops nothing. */
import { toApiError } from '../../api/errors';
import type { Image, UploadResult } from '../../api/types';
import type { UploadOptions } from '../../api/upload';
import { errorOf } from '../../i18n/message';

export type UploadState = 'waiting' | 'sending' | 'created' | 'duplicate' | 'rejected' | 'failed';

export interface Upload {
  readonly id: number;
  readonly projectId: number;
  readonly file: File;
  readonly state: UploadState;
  /** Share of the bytes sent, 0 to 1. */
  readonly progress: number;
  /** Why it was rejected (the file) or failed (the way to the server). */
  readonly reason: Error | null;
}

type SendFile = (projectId: number, file: File, options: UploadOptions) => Promise<UploadResult>;

const AT_ONCE = 3;

/** The status that a file's rejection would have if it were sent alone. */
const UNPROCESSABLE = 422;

/** What file managers leave in folders. */
const LITTER = /^(\..*|Thumbs\.db|desktop\.ini)$/i;

export class Uploads {
  private list: readonly Upload[] = [];
  private nextId = 1;
  private readonly listeners = new Set<() => void>();
  private readonly running = new Map<number, AbortController>();

  constructor(
    private readonly send: SendFile,
    private readonly onImage: (image: Image) => void,
  ) {}

  readonly getList = (): readonly Upload[] => this.list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  add(projectId: number, files: readonly File[]): void {
    const wanted = files.filter(({ name }) => !LITTER.test(name));
    const added = wanted.map((file): Upload => {
      return { id: this.nextId++, projectId, file, state: 'waiting', progress: 0, reason: null };
    });
    this.set([...this.list, ...added]);
    this.pump();
  }

  /** Sends the files again that the server did not get; a rejected file would be rejected again. */
  retryFailed(projectId: number): void {
    const again = (upload: Upload): Upload =>
      upload.projectId === projectId && upload.state === 'failed'
        ? { ...upload, state: 'waiting', progress: 0, reason: null }
        : upload;
    this.set(this.list.map(again));
    this.pump();
  }

  /** Forgets the project's files; what is being sent is stopped. */
  clear(projectId: number): void {
    for (const { id } of this.list.filter((upload) => upload.projectId === projectId)) {
      this.running.get(id)?.abort();
    }
    this.set(this.list.filter((upload) => upload.projectId !== projectId));
  }

  private pump(): void {
    while (this.running.size < AT_ONCE) {
      const next = this.list.find(({ state }) => state === 'waiting');
      if (!next) return;
      void this.run(next);
    }
  }

  private async run({ id, projectId, file }: Upload): Promise<void> {
    const abort = new AbortController();
    this.running.set(id, abort);
    this.edit(id, { state: 'sending' });
    const onProgress = (progress: number) => this.edit(id, { progress });
    try {
      const result = await this.send(projectId, file, { onProgress, signal: abort.signal });
      this.edit(id, {
        state: result.outcome,
        progress: 1,
        reason: result.error ? toApiError(UNPROCESSABLE, result.error, null) : null,
      });
      if (result.outcome === 'created' && result.image) this.onImage(result.image);
    } catch (error) {
      this.edit(id, { state: 'failed', reason: errorOf(error) });
    } finally {
      this.running.delete(id);
      this.pump();
    }
  }

  private edit(id: number, changes: Partial<Upload>): void {
    this.set(this.list.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));
  }

  private set(list: readonly Upload[]): void {
    this.list = list;
    for (const listener of this.listeners) listener();
  }
}

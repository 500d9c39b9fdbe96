/**
 * Embeddings stay in the worker: the newest few as half floats, 2 MiB each. The image that a person looks at is fetched
 * at once; the next images are fetched ahead one at a time, because each request may hold a connection until the server
 * has computed its answer, and a browser has only six.
 */
import { MessageError } from '../i18n/message';
import { download, fractionOf } from './download';

/** (256, 64, 64) values of two bytes. */
const EMBEDDING_VALUES = 256 * 64 * 64;

interface Load {
  readonly promise: Promise<Uint16Array>;
  readonly controller: AbortController;
  readonly urgent: boolean;
  /** The server has begun to answer: starting again would gain nothing. */
  answering: boolean;
}

/** Why a person waits for an embedding. */
type Role = 'image' | 'crop';

export interface EmbeddingStoreOptions {
  readonly capacity: number;
  readonly fetch?: typeof fetch;
  /** Progress of the image that a person waits for. */
  readonly onProgress?: (fraction: number | null) => void;
}

export class EmbeddingStore {
  /** Insertion order is order of use, oldest first. */
  private readonly kept = new Map<string, Uint16Array>();
  private readonly loads = new Map<string, Load>();
  private readonly wanted: Record<Role, string | null> = { image: null, crop: null };
  private ahead: readonly string[] = [];
  private fetchingAhead = false;

  constructor(private readonly options: EmbeddingStoreOptions) {}

  has(url: string): boolean {
    return this.kept.has(url);
  }

  /**
   * The embedding of the image that a person opened, or of the crop of it that is looked at. Loads that nobody wants any
   * more are aborted.
   */
  async open(url: string, role: Role = 'image'): Promise<Uint16Array> {
    this.wanted[role] = url;
    this.abortUnwanted();
    return this.touch(url) ?? (await this.urgentLoad(url).promise);
  }

  /** No crop is looked at any more. */
  leaveCrop(): void {
    this.wanted.crop = null;
    this.abortUnwanted();
  }

  /** Replaces the list of embeddings to fetch ahead, in this order. */
  prefetch(urls: readonly string[]): void {
    this.ahead = urls.slice(0, this.options.capacity - 1);
    this.abortUnwanted();
    void this.fetchAhead();
  }

  private abortUnwanted(): void {
    for (const [url, load] of this.loads) {
      const { image, crop } = this.wanted;
      if (url === image || url === crop || this.ahead.includes(url)) continue;
      this.loads.delete(url);
      load.controller.abort();
    }
  }

  /** Failures ahead of time are silent: opening the image asks again, and then tells. */
  private async fetchAhead(): Promise<void> {
    if (this.fetchingAhead) return;
    this.fetchingAhead = true;
    const tried = new Set<string>();
    for (let url = this.nextAhead(tried); url !== undefined; url = this.nextAhead(tried)) {
      tried.add(url);
      await this.start(url, false).promise.catch(() => null);
    }
    this.fetchingAhead = false;
  }

  private nextAhead(tried: ReadonlySet<string>): string | undefined {
    return this.ahead.find((url) => !tried.has(url) && !this.kept.has(url) && !this.loads.has(url));
  }

  /** Joins a load that is under way, unless it still stands in the server's slow queue: then a fast one replaces it. */
  private urgentLoad(url: string): Load {
    const running = this.loads.get(url);
    if (running && (running.urgent || running.answering)) return running;
    const urgent = this.start(url, true);
    running?.controller.abort();
    return urgent;
  }

  private start(url: string, urgent: boolean): Load {
    const controller = new AbortController();
    const load: Load = {
      promise: this.fetchOne(url, urgent, controller),
      controller,
      urgent,
      answering: false,
    };
    this.loads.set(url, load);
    return load;
  }

  private async fetchOne(url: string, urgent: boolean, controller: AbortController): Promise<Uint16Array> {
    try {
      const bytes = await download(withUrgency(url, urgent), {
        what: { key: 'errors:download.embedding' },
        signal: controller.signal,
        ...(this.options.fetch && { fetch: this.options.fetch }),
        onHeaders: () => this.markAnswering(url, controller),
        onProgress: (progress) => this.report(url, fractionOf([progress])),
      });
      return this.keep(url, halvesOf(bytes));
    } finally {
      if (this.loads.get(url)?.controller === controller) this.loads.delete(url);
    }
  }

  private markAnswering(url: string, controller: AbortController): void {
    const load = this.loads.get(url);
    if (load?.controller === controller) load.answering = true;
  }

  private report(url: string, fraction: number | null): void {
    if (url === this.wanted.image) this.options.onProgress?.(fraction);
  }

  private touch(url: string): Uint16Array | undefined {
    const halves = this.kept.get(url);
    return halves && this.keep(url, halves);
  }

  private keep(url: string, halves: Uint16Array): Uint16Array {
    this.kept.delete(url);
    this.kept.set(url, halves);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.options.capacity) break;
      this.kept.delete(oldest);
    }
    return halves;
  }
}

function withUrgency(url: string, urgent: boolean): string {
  return `${url}${url.includes('?') ? '&' : '?'}urgency=${urgent ? 'now' : 'ahead'}`;
}

function halvesOf(bytes: ArrayBuffer): Uint16Array {
  if (bytes.byteLength === EMBEDDING_VALUES * 2) return new Uint16Array(bytes);
  const values = { bytes: bytes.byteLength, expected: EMBEDDING_VALUES * 2 };
  throw new MessageError({ key: 'errors:model.embeddingSize', values });
}

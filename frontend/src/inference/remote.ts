/**
 * The server in the worker's place, for a browser that cannot run the model: it speaks the worker's protocol, so nobody
 * else need know. Logits come as half floats; bringing a mask to full size is done here, on the main thread.
 */
import type { Xywh } from '../geometry/box';
import { MASK_TOKENS, type Prompt } from '../geometry/decoding';
import { resampleLogits } from '../geometry/resample';
import { LOGIT_SIDE, maskFromLogits } from '../geometry/upsample';
import { candidatesOf } from './candidates';
import { download } from './download';
import { failureOf } from './failure';
import { decodeFloat16, encodeFloat16 } from './float16';
import type { WorkerLike } from './link';
import type { Calls, DecodeArgs, LoadArgs, Reply, Request, Setup } from './protocol';
import type { ClickOutputs } from './runtime';
import type { Handlers } from './service';

export const REMOTE: Setup = { backend: 'server', threads: 0 };

const IOUS = 4;
const CELLS = LOGIT_SIDE * LOGIT_SIDE;

/** What the server is asked: see `POST /api/images/{id}/decode`. */
interface Asked {
  readonly prompts: readonly Prompt[];
  readonly crop: Xywh | null;
  readonly prior: Float32Array | null;
  readonly tokens: readonly number[];
}

export class RemoteService {
  private source: LoadArgs | null = null;
  private readonly ended = new AbortController();

  constructor(private readonly doFetch: typeof fetch = (...args) => fetch(...args)) {}

  readonly handlers: Handlers = {
    load: (args) => {
      this.source = args;
      return Promise.resolve({ ...REMOTE, loadMs: 0 });
    },
    open: async ({ embeddingUrl }) => {
      const began = performance.now();
      await this.show(embeddingUrl);
      return { ms: performance.now() - began, cached: false };
    },
    focus: async ({ embeddingUrl }) => {
      if (embeddingUrl) await this.show(embeddingUrl);
      return null;
    },
    prefetch: () => Promise.resolve(null),
    decode: (args) => this.decode(args),
    fullMask: ({ mask, imageSize }) => Promise.resolve(maskFromLogits(mask, imageSize)),
    benchmark: () => Promise.reject(new Error('The server is not measured.')),
  };

  end(): void {
    this.ended.abort();
  }

  private async decode(args: DecodeArgs): Promise<Calls['decode']['result']> {
    const began = performance.now();
    const { prompts, crop, embeddingUrl, tokens = MASK_TOKENS } = args;
    const prior = args.prior && resampleLogits(args.prior, crop);
    const outputs = await this.ask(embeddingUrl, { prompts, crop, prior, tokens });
    const { inputSide } = this.loaded();
    const candidates = candidatesOf(outputs, { tokens, inputSide, crop });
    return { candidates, ms: performance.now() - began, ranOn: REMOTE };
  }

  /** Lets the server see the image, or a crop of it, so that the first click is as fast as the next. */
  private async show(embeddingUrl: string): Promise<void> {
    const crop = cropOf(embeddingUrl);
    const [x, y] = crop ?? [0, 0];
    await this.ask(embeddingUrl, {
      prompts: [{ kind: 'point', x, y, label: 1 }],
      crop,
      prior: null,
      tokens: [0],
    });
  }

  private async ask(embeddingUrl: string, asked: Asked): Promise<ClickOutputs> {
    const body = {
      decoder_digest: digestOf(this.loaded()),
      crop: asked.crop,
      prompts: asked.prompts.map(flat),
      prior: asked.prior && base64Of(encodeFloat16(asked.prior)),
      tokens: asked.tokens,
    };
    const answer = await download(`/api/images/${imageIdOf(embeddingUrl)}/decode`, {
      what: { key: 'errors:download.mask' },
      signal: this.ended.signal,
      fetch: this.doFetch,
      init: { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } },
    });
    return {
      predictedIous: new Float32Array(answer, 0, IOUS),
      logits: decodeFloat16(new Uint16Array(answer, IOUS * 4, asked.tokens.length * CELLS)),
    };
  }

  private loaded(): LoadArgs {
    if (this.source) return this.source;
    throw new Error('The mask decoder is not loaded yet.');
  }
}

/** A worker that is none. */
export function remoteWorker(service = new RemoteService()): WorkerLike {
  let tell: (event: { readonly data: unknown }) => void = () => undefined;
  return {
    postMessage: (message) => void answer(service, message as Request).then((data) => tell({ data })),
    terminate: () => service.end(),
    addEventListener: (type: string, listener: (event: never) => void) => {
      if (type === 'message') tell = listener as typeof tell;
    },
  };
}

async function answer(service: RemoteService, { id, name, args }: Request): Promise<Reply> {
  try {
    // The union keeps a name and its arguments together; TypeScript cannot follow that through an index.
    const handle = service.handlers[name] as Handlers['decode'];
    return { id, ok: true, result: await handle(args as Calls['decode']['args']) };
  } catch (error) {
    return { id, ok: false, failure: failureOf(error) };
  }
}

const flat = (prompt: Prompt) => (prompt.kind === 'box' ? { kind: 'box', ...prompt.box } : prompt);

function base64Of(halves: Uint16Array): string {
  const bytes = new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

// The page knows images and decoders by their addresses; the server wants their names, which are part of these.

const imageIdOf = (embeddingUrl: string) => partOf(embeddingUrl, /\/images\/(\d+)\//);
const digestOf = ({ decoder }: LoadArgs) => partOf(decoder.clickUrl, /\/decoders\/([^/]+)\//);

function partOf(url: string, pattern: RegExp): string {
  const part = pattern.exec(url)?.[1];
  if (part === undefined) throw new Error(`${url} is not an address of this server.`);
  return part;
}

function cropOf(embeddingUrl: string): Xywh | null {
  const numbers = new URLSearchParams(embeddingUrl.split('?')[1]).get('crop')?.split(',').map(Number);
  if (!numbers) return null;
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return [x, y, width, height];
}

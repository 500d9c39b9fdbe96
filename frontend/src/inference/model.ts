/** The loaded decoder in the worker: warmed up, timed, and put back on WASM when the GPU fails. */
import { candidatesOf } from './candidates';
import { encodePrompts } from './prompts';
import {
  createGpuSession,
  createWasmSession,
  type DecoderInputs,
  type DecoderOutputs,
  type DecoderSession,
} from './runtime';
import type { Candidate, DecodeRequest } from './types';

const DUMMY: DecoderInputs = {
  embedding: new Float32Array(256 * 64 * 64),
  points: encodePrompts([{ kind: 'point', x: 512, y: 512, label: 1 }], { width: 1024, height: 1024 }),
  prior: null,
};

export class Model {
  private constructor(
    private readonly bytes: Uint8Array,
    private readonly threads: number,
    private session: DecoderSession,
  ) {}

  static async load(bytes: Uint8Array, threads: number): Promise<Model> {
    const gpu = await warmGpuSession(bytes);
    if (gpu) return new Model(bytes, threads, gpu);
    const session = await createWasmSession(bytes, threads);
    await warmUp(session);
    return new Model(bytes, threads, session);
  }

  get backend() {
    return this.session.backend;
  }

  get sessionThreads(): number {
    return this.session.threads;
  }

  /** Milliseconds of the faster of two dummy decodes: the machine's noise only ever adds. */
  async benchmark(): Promise<number> {
    return Math.min(await timed(() => this.session.run(DUMMY)), await timed(() => this.session.run(DUMMY)));
  }

  async decode(embedding: Float32Array, request: DecodeRequest): Promise<readonly Candidate[]> {
    const points = encodePrompts(request.prompts, request.imageSize);
    const outputs = await this.run({ embedding, points, prior: request.prior });
    return candidatesOf(outputs, request.imageSize);
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private async run(inputs: DecoderInputs): Promise<DecoderOutputs> {
    try {
      return await this.session.run(inputs);
    } catch (error) {
      if (this.session.backend !== 'webgpu') throw error;
      // A GPU can vanish under the page (driver reset, sleep). The click must still be answered.
      this.session = await createWasmSession(this.bytes, this.threads);
      return await this.session.run(inputs);
    }
  }
}

/** A GPU that cannot run the decoder is the same as none. */
async function warmGpuSession(bytes: Uint8Array): Promise<DecoderSession | null> {
  try {
    const session = await createGpuSession(bytes);
    if (session) await warmUp(session);
    return session;
  } catch {
    return null;
  }
}

/** First runs are slow: memory is laid out, shaders are compiled. */
async function warmUp(session: DecoderSession): Promise<void> {
  await session.run(DUMMY);
  await session.run(DUMMY);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

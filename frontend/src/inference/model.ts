/** The loaded decoder in the worker: warmed up, timed, and put back on WASM when the GPU fails. */
import type { Candidate, DecodeRequest } from '../geometry/decoding';
import { candidatesOf } from './candidates';
import { encodePrompts } from './prompts';
import {
  createGpuSession,
  createWasmSession,
  type DecoderInputs,
  type DecoderOutputs,
  type DecoderSession,
} from './runtime';
import type { BenchmarkResult } from './protocol';
import type { Backend } from './types';

/** Side of the model's square input, in its pixels. */
const INPUT_SIDE = 1024;

const DUMMY: DecoderInputs = {
  embedding: new Float32Array(256 * 64 * 64),
  points: encodePrompts(
    [{ kind: 'point', x: 512, y: 512, label: 1 }],
    { width: 1024, height: 1024 },
    INPUT_SIDE,
  ),
  prior: null,
};

export class Model {
  private constructor(
    private readonly bytes: Uint8Array,
    private session: DecoderSession,
  ) {}

  static async load(bytes: Uint8Array, backend: Backend, threads: number): Promise<Model> {
    const isGpu = backend === 'webgpu';
    const session = await (isGpu ? createGpuSession(bytes) : createWasmSession(bytes, threads));
    // The first run is slow: memory is laid out, shaders are compiled. A second one would only keep a person waiting.
    await session.run(DUMMY);
    return new Model(bytes, session);
  }

  get backend(): Backend {
    return this.session.backend;
  }

  get threads(): number {
    return this.session.threads;
  }

  /** Two dummy decodes. The faster one counts: the machine's noise only ever adds. */
  async benchmark(): Promise<BenchmarkResult> {
    const start = performance.now();
    await this.session.run(DUMMY);
    const middle = performance.now();
    const { predictedIous } = await this.session.run(DUMMY);
    const ms = Math.min(middle - start, performance.now() - middle);
    return { ms, predictedIous: [...predictedIous] };
  }

  async decode(embedding: Float32Array, request: DecodeRequest): Promise<readonly Candidate[]> {
    const points = encodePrompts(request.prompts, request.imageSize, INPUT_SIDE);
    const outputs = await this.run({ embedding, points, prior: request.prior });
    return candidatesOf(outputs, request, INPUT_SIDE);
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
      this.session = await createWasmSession(this.bytes, 1);
      return await this.session.run(inputs);
    }
  }
}

/**
 * The one importer of onnxruntime-web: a decoder file to something that decodes, on WASM (SIMD, threads) or on WebGPU.
 * The runtime's files come from our own origin through the bundler.
 */
import type * as Ort from 'onnxruntime-web';
import gpuModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import gpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import cpuModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { LOGIT_SIDE } from '../geometry/upsample';
import type { PointInputs } from './prompts';
import type { Backend } from './types';

export interface DecoderInputs {
  /** (1, 256, 64, 64) flattened. */
  readonly embedding: Float32Array;
  readonly points: PointInputs;
  /** (256, 256) flattened, or null for no mask prompt. */
  readonly prior: Float32Array | null;
}

export interface DecoderOutputs {
  /** (4, 256, 256) flattened. */
  readonly logits: Float32Array;
  /** (4,) */
  readonly predictedIous: Float32Array;
}

export interface DecoderSession {
  readonly backend: Backend;
  readonly threads: number;
  run(inputs: DecoderInputs): Promise<DecoderOutputs>;
  release(): Promise<void>;
}

const NO_PRIOR = new Float32Array(LOGIT_SIDE * LOGIT_SIDE);

export async function createWasmSession(model: Uint8Array, threads: number): Promise<DecoderSession> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { mjs: cpuModuleUrl, wasm: cpuWasmUrl };
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  return wrap(ort, session, 'wasm', threads);
}

export async function createGpuSession(model: Uint8Array): Promise<DecoderSession> {
  const ort = await import('onnxruntime-web/jspi');
  ort.env.wasm.wasmPaths = { mjs: gpuModuleUrl, wasm: gpuWasmUrl };
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(model, { executionProviders: ['webgpu'] });
  return wrap(ort, session, 'webgpu', 1);
}

function wrap(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  backend: Backend,
  threads: number,
): DecoderSession {
  return {
    backend,
    threads,
    run: async (inputs) => outputsOf(await session.run(feedsOf(ort, inputs))),
    release: () => session.release(),
  };
}

function feedsOf(
  ort: typeof Ort,
  { embedding, points, prior }: DecoderInputs,
): Ort.InferenceSession.FeedsType {
  const tensor = (data: Float32Array, ...shape: number[]) => new ort.Tensor('float32', data, shape);
  return {
    image_embedding: tensor(embedding, 1, 256, 64, 64),
    point_coords: tensor(points.coords, 1, points.count, 2),
    point_labels: tensor(points.labels, 1, points.count),
    mask_input: tensor(prior ?? NO_PRIOR, 1, 1, LOGIT_SIDE, LOGIT_SIDE),
    has_mask_input: tensor(Float32Array.of(prior ? 1 : 0), 1),
  };
}

function outputsOf(results: Ort.InferenceSession.ReturnType): DecoderOutputs {
  return {
    logits: floatsOf(results, 'low_res_logits'),
    predictedIous: floatsOf(results, 'iou_predictions'),
  };
}

function floatsOf(results: Ort.InferenceSession.ReturnType, name: string): Float32Array {
  const data = results[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new Error(`The decoder has no float output "${name}": it is not one that this page understands.`);
}

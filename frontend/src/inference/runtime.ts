/**
 * The one importer of onnxruntime-web: a decoder's two files to something that decodes, on WASM (SIMD, threads) or on
 * WebGPU. The runtime's files come from our own origin through the bundler.
 */
import type * as Ort from 'onnxruntime-web';
import gpuModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import gpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';
import cpuModuleUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import type { MaskToken } from '../geometry/decoding';
import { LOGIT_SIDE } from '../geometry/upsample';
import { MessageError } from '../i18n/message';
import type { DecoderFiles } from './decoderFiles';
import type { PointInputs } from './prompts';
import type { Backend } from './types';

export interface ClickInputs {
  readonly points: PointInputs;
  /** (256, 256) flattened, or null for no mask prompt. */
  readonly prior: Float32Array | null;
  /** The masks to compute. */
  readonly tokens: readonly MaskToken[];
}

export interface ClickOutputs {
  /** (tokens, 256, 256) flattened. */
  readonly logits: Float32Array;
  /** (4,): of every mask, computed or not. */
  readonly predictedIous: Float32Array;
}

/** An image that the decoder has seen: what all clicks on it share is computed. */
export interface SeenImage {
  click(inputs: ClickInputs): Promise<ClickOutputs>;
  /** Gives its memory back. */
  dispose(): void;
}

export interface DecoderSession {
  readonly backend: Backend;
  readonly threads: number;
  /** `embedding`: (1, 256, 64, 64) flattened. */
  see(embedding: Float32Array): Promise<SeenImage>;
  release(): Promise<void>;
}

export type StartSession = (
  files: DecoderFiles,
  backend: Backend,
  threads: number,
) => Promise<DecoderSession>;

const NO_PRIOR = new Float32Array(LOGIT_SIDE * LOGIT_SIDE);

export const startSession: StartSession = async (files, backend, threads) => {
  const ort = await (backend === 'webgpu' ? gpuRuntime() : cpuRuntime(threads));
  const create = (model: Uint8Array, outputs: 'cpu' | 'gpu-buffer') =>
    ort.InferenceSession.create(model, {
      executionProviders: [backend],
      ...(backend === 'webgpu' && { preferredOutputLocation: outputs }),
    });
  // What the image part computes on a GPU stays there: only the click part reads it.
  const image = await create(files.image, 'gpu-buffer');
  const click = await create(files.click, 'cpu');
  return {
    backend,
    threads,
    see: async (embedding) => {
      const outputs = await image.run({ image_embedding: floats(ort, embedding, 1, 256, 64, 64) });
      return seen(ort, click, outputs);
    },
    release: async () => {
      await image.release();
      await click.release();
    },
  };
};

async function cpuRuntime(threads: number): Promise<typeof Ort> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmPaths = { mjs: cpuModuleUrl, wasm: cpuWasmUrl };
  ort.env.wasm.numThreads = threads;
  return ort;
}

async function gpuRuntime(): Promise<typeof Ort> {
  const ort = await import('onnxruntime-web/jspi');
  ort.env.wasm.wasmPaths = { mjs: gpuModuleUrl, wasm: gpuWasmUrl };
  ort.env.wasm.numThreads = 1;
  return ort;
}

/** The image part's outputs go to the click part by their names; nothing else is known of them here. */
function seen(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  shared: Ort.InferenceSession.ReturnType,
): SeenImage {
  return {
    click: async (inputs) => outputsOf(await session.run({ ...shared, ...feedsOf(ort, inputs) })),
    dispose: () => {
      for (const tensor of Object.values(shared)) tensor.dispose();
    },
  };
}

function feedsOf(ort: typeof Ort, { points, prior, tokens }: ClickInputs): Ort.InferenceSession.FeedsType {
  return {
    point_coords: floats(ort, points.coords, 1, points.count, 2),
    point_labels: floats(ort, points.labels, 1, points.count),
    mask_input: floats(ort, prior ?? NO_PRIOR, 1, 1, LOGIT_SIDE, LOGIT_SIDE),
    has_mask_input: floats(ort, Float32Array.of(prior ? 1 : 0), 1),
    mask_tokens: new ort.Tensor('int64', BigInt64Array.from(tokens, BigInt), [tokens.length]),
  };
}

function floats(ort: typeof Ort, data: Float32Array, ...shape: number[]): Ort.Tensor {
  return new ort.Tensor('float32', data, shape);
}

function outputsOf(results: Ort.InferenceSession.ReturnType): ClickOutputs {
  return {
    logits: floatsOf(results, 'low_res_logits'),
    predictedIous: floatsOf(results, 'iou_predictions'),
  };
}

function floatsOf(results: Ort.InferenceSession.ReturnType, name: string): Float32Array {
  const data = results[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new MessageError({ key: 'errors:model.strangeDecoder', values: { name } });
}

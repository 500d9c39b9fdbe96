/**
 * The page's handle on the model. One client lives as long as the page; it owns the worker, and satisfies the editor's
 * `Decoder` port by structure.
 *
 *   const client = new InferenceClient();
 *   client.preload({ decoderUrl: model.decoder_url });        // while the grid is shown; safe to call again
 *   client.openImage({ imageId, embeddingUrl, imageSize });   // previous image's requests are dropped
 *   client.prefetch([nextEmbeddingUrl, ...]);                 // replaces the list; fetches no longer wanted are aborted
 *   const candidates = await client.decode({ prompts, imageSize, prior: null }, 'preview');   // null: overtaken
 *   const mask = await client.toFullMask(candidate.logits, imageSize);
 *   useSyncExternalStore(client.subscribe, client.getStatus);
 */
import type { Size } from '../geometry/types';
import type {
  Candidate,
  DecodeRequest,
  FullMask,
  InferenceStatus,
  OpenImage,
  Urgency,
} from './types';

export interface InferenceClientApi {
  /** Loads and warms the decoder. A new URL (another decoder version) replaces the loaded one. */
  preload(options: { readonly decoderUrl: string }): void;
  /**
   * Makes this the image that `decode` works on and fetches its embedding at once. Waiting previews of the image before
   * resolve to null, its waiting clicks reject with an `AbortError`. Failure shows in the status; calling again retries.
   */
  openImage(image: OpenImage): void;
  /** Drops the open image (the annotation page was left). */
  closeImage(): void;
  /** Fetches these embeddings ahead, in order, with the server's low urgency. */
  prefetch(embeddingUrls: readonly string[]): void;
  /** Resolves when the open image can be decoded; rejects with the reason when it cannot. */
  whenReady(): Promise<void>;
  /** Waits for the open image to be ready. Rejects with a readable message when the model or the embedding failed. */
  decode(request: DecodeRequest, urgency: Urgency): Promise<readonly Candidate[] | null>;
  toFullMask(logits: Float32Array, imageSize: Size): Promise<FullMask>;
  getStatus(): InferenceStatus;
  /** Calls back at every change of the status; returns the way to stop. */
  subscribe(listener: () => void): () => void;
  /** Ends the worker; every pending promise rejects. */
  dispose(): void;
}

/** What is known about model and image, and the one status that a person reads from it. */
import type { Message } from '../i18n/message';
import type { InferenceStatus, ModelInfo, Phase } from './types';

type Stage = 'none' | 'loading' | 'ready' | 'failed';

export interface Knowledge {
  readonly modelStage: Stage;
  readonly imageStage: Stage;
  readonly decoding: boolean;
  readonly model: ModelInfo | null;
  readonly imageId: number | null;
  readonly progress: number | null;
  readonly embedding: InferenceStatus['embedding'];
  readonly lastDecodeMs: number | null;
  readonly focus: InferenceStatus['focus'];
  readonly error: Message | null;
}

const NOTHING_KNOWN: Knowledge = {
  modelStage: 'none',
  imageStage: 'none',
  decoding: false,
  model: null,
  imageId: null,
  progress: null,
  embedding: null,
  lastDecodeMs: null,
  focus: null,
  error: null,
};

/** Holds the knowledge and tells listeners when the status changed. */
export class StatusBoard {
  private readonly listeners = new Set<() => void>();
  private known = NOTHING_KNOWN;
  private status = statusOf(NOTHING_KNOWN);

  get knowledge(): Knowledge {
    return this.known;
  }

  /** The same object until something changes. */
  read = (): InferenceStatus => this.status;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  note(change: Partial<Knowledge>): void {
    this.known = { ...this.known, ...change };
    this.status = statusOf(this.known);
    for (const listener of [...this.listeners]) listener();
  }
}

function statusOf(known: Knowledge): InferenceStatus {
  const { model, imageId, progress, embedding, lastDecodeMs, focus, error } = known;
  const phase = phaseOf(known);
  return {
    phase,
    model,
    imageId,
    progress: phase.startsWith('loading') ? progress : null,
    embedding,
    lastDecodeMs,
    focus,
    error: phase === 'error' ? error : null,
  };
}

function phaseOf({ modelStage, imageStage, decoding }: Knowledge): Phase {
  if (modelStage === 'failed' || imageStage === 'failed') return 'error';
  if (modelStage === 'loading') return 'loading-model';
  if (imageStage === 'loading') return 'loading-embedding';
  if (modelStage === 'none' || imageStage === 'none') return 'idle';
  return decoding ? 'decoding' : 'ready';
}

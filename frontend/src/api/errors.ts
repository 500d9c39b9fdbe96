import { MessageError } from '../i18n/message';
import type { Annotation } from './types';

/** What an RFC 9457 problem document of our server carries; `current` comes with a stale edit. */
export interface Problem {
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly code?: string;
  readonly current?: Annotation;
}

/** The server answered, and refused. `message` says what was wrong and what to do, in words for the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly problem: Problem,
    /** Seconds to wait before the next try, where the server said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered with status ${status}.`);
  }

  get code(): string {
    return this.problem.code ?? 'unknown';
  }

  get detail(): string {
    return this.message;
  }
}

/** No answer came: the server is away, or the network is. */
export class NetworkError extends MessageError {
  override readonly name = 'NetworkError';

  constructor(options?: ErrorOptions) {
    super({ key: 'errors:offline' }, options);
  }
}

/** Reads a refusal; a proxy's HTML page or an empty body still gives a usable error. */
export function toApiError(status: number, body: unknown, retryAfter: string | null): ApiError {
  const seconds = Number(retryAfter ?? Number.NaN);
  const problem = typeof body === 'object' && body !== null ? (body as Problem) : {};
  return new ApiError(status, problem, Number.isFinite(seconds) ? seconds : null);
}

import createClient from 'openapi-fetch';
import type { Readable } from 'openapi-typescript-helpers';

import { NetworkError, toApiError } from './errors';
import type { paths } from './schema';

/** Longer than any of these calls takes; without it, one dead connection would hold its caller for minutes. */
const PATIENCE_MS = 30_000;

const patientFetch = (request: Request): Promise<Response> =>
  fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) });

const origin = typeof location === 'undefined' ? 'http://localhost' : location.origin;

export const http = createClient<paths>({ baseUrl: origin, fetch: patientFetch });

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The body of a 2xx answer. openapi-fetch widens tuples to arrays (`Readable`); the schema's own type comes back here.
 * @throws ApiError where the server refused, NetworkError where no answer came.
 */
export async function body<T>(call: Promise<Reply<Readable<NoInfer<T>>>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new NetworkError({ cause });
  });
  if (!response.ok) throw toApiError(response.status, error, response.headers.get('retry-after'));
  return data as T;
}

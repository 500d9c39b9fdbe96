/** What became of a call that was not answered, as plain data: errors do not cross from a worker whole. */
import { messageOf, MessageError, type Message } from '../i18n/message';

/** `unable`: the files are there, but this browser cannot run them. */
export interface Failure {
  readonly kind: 'aborted' | 'unable' | 'failed';
  readonly said: Message;
}

/** The files are there, but this browser cannot run them. */
export class ModelStartError extends MessageError {
  override readonly name = 'ModelStartError';
}

/** The platform's way of saying "nobody wants this any more". */
export function abortError(message: string): DOMException {
  return new DOMException(message, 'AbortError');
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

export function failureOf(error: unknown): Failure {
  return { kind: kindOf(error), said: messageOf(error) };
}

function kindOf(error: unknown): Failure['kind'] {
  if (isAbort(error)) return 'aborted';
  return error instanceof ModelStartError ? 'unable' : 'failed';
}

/** The error again, on the other side. */
export function errorOfFailure({ kind, said }: Failure): Error {
  switch (kind) {
    case 'aborted':
      return abortError('The worker let go of it.');
    case 'unable':
      return new ModelStartError(said);
    case 'failed':
      return new MessageError(said);
  }
}

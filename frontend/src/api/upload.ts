import { MessageError } from '../i18n/message';
import { NetworkError, toApiError } from './errors';
import type { UploadResult } from './types';

export interface UploadOptions {
  /** Called with the share of bytes sent, 0 to 1. fetch cannot tell; XMLHttpRequest can. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends one file to a project. A file that the server rejects is a result, not an error.
 * @throws ApiError, another MessageError, or the signal's AbortError.
 */
export function uploadImage(projectId: number, file: File, options: UploadOptions): Promise<UploadResult> {
  const form = new FormData();
  form.append('files', file, file.name);
  const request = new XMLHttpRequest();
  request.open('POST', `/api/projects/${projectId}/images`);
  request.responseType = 'json';
  request.upload.onprogress = ({ loaded, total }) => options.onProgress(total ? loaded / total : 0);
  const abort = () => request.abort();
  options.signal.addEventListener('abort', abort, { once: true });
  return settle(request, form, file.name).finally(() => options.signal.removeEventListener('abort', abort));
}

function settle(request: XMLHttpRequest, form: FormData, fileName: string): Promise<UploadResult> {
  return new Promise((resolve, reject) => {
    request.onload = () => {
      const { status } = request;
      if (status >= 200 && status < 300) resolve(firstResult(request.response, fileName));
      else reject(toApiError(status, request.response, request.getResponseHeader('retry-after')));
    };
    request.onerror = () => reject(new NetworkError());
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'));
    request.send(form);
  });
}

function firstResult(response: unknown, fileName: string): UploadResult {
  const result = (response as { results?: UploadResult[] } | null)?.results?.[0];
  if (!result) throw new MessageError({ key: 'errors:uploadUnanswered', values: { file: fileName } });
  return result;
}

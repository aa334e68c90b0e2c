import { HttpError } from './http.ts';
import type { FileInfo, Problem } from './types.ts';

export type UploadOptions = {
  /** Where to, without the query. */
  path: string;
  name: string;
  token?: string | null;
  /** From 0 to 1. */
  onProgress?: (part: number) => void;
  signal?: AbortSignal;
  /** For tests. */
  open?: () => XMLHttpRequest;
};

/** Longer than the server waits, so that its words come first. */
const TIMEOUT_MS = 16 * 60_000;

/** Sends the raw bytes. XMLHttpRequest, because fetch cannot tell how far it has come. Rejects with HttpError. */
export function upload(file: Blob, options: UploadOptions): Promise<FileInfo> {
  const { path, name, token, signal } = options;
  return new Promise((resolve, reject) => {
    const request = options.open?.() ?? new XMLHttpRequest();
    const fail = (problem: Problem) => reject(new HttpError(problem));
    request.open('POST', `${path}?name=${encodeURIComponent(name)}`);
    request.timeout = TIMEOUT_MS;
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-Macaw', '1');
    // What the browser believes the file to be is not asked.
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300 && body) resolve(body as FileInfo);
      else fail({ ...refused(request.status), ...(body as Partial<Problem> | null) });
    };
    request.onerror = () => fail(refused(0));
    request.ontimeout = request.onerror;
    request.onabort = () => fail({ ...refused(0), code: 'cancelled' });
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    if (signal?.aborted) fail({ ...refused(0), code: 'cancelled' });
    else request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function refused(status: number): Problem {
  const code = status === 0 ? 'network' : `http_${status}`;
  return { type: 'about:blank', title: 'No upload', status, code };
}
